/** Portuguese for names of columns that occur often; the others keep their own name, for a person to translate. */
const PORTUGUESE: Readonly<Record<string, string>> = {
  Category: 'Categoria',
  Level: 'Nível',
  Method: 'Método',
  Status: 'Situação',
  Type: 'Tipo',
  status: 'Situação',
};

/** What people see of a column: `FeatureCategoria` is `Feature categoria`. */
export function wordsOf(column: string): { readonly en: string; readonly pt: string } {
  const words = column.replaceAll(/([a-z0-9])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);
  const en = words.charAt(0).toUpperCase() + words.slice(1);
  return { en, pt: PORTUGUESE[column] ?? en };
}

/** A text as a literal of TypeScript. */
export function quoted(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}

/** A title as a literal of TypeScript. */
export function titleLiteral(en: string, pt: string, good?: 'up'): string {
  return `{ en: ${quoted(en)}, pt: ${quoted(pt)}${good === undefined ? '' : `, good: '${good}'`} }`;
}

/** A part of a template, or nothing where a slice lacks what it is about. */
export function when(condition: string | boolean | null, text: string): string {
  return condition === null || condition === false ? '' : text;
}
