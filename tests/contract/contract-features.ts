/** The features that the contract describes, read from its text: the goldens are of these, whatever is added. */
const text = await Bun.file(new URL('../../docs/contract.md', import.meta.url)).text();
const section = text.slice(text.indexOf('## 3. '), text.indexOf('## 4. '));

export const contractFeatures: readonly string[] = [...section.matchAll(/^\*\*(\w+)\*\*/gm)].map(
  ([, name = '']) => name,
);
