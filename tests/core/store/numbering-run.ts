/**
 * A process that numbers the contents that it reads from its standard input, a hash a line, and writes each number. It ends
 * with its input, after closing its store.
 *
 *     bun numbering-run.ts <folder> <feature>
 */
import { sequenceOf } from '../../../src/core/runtime/sequence.ts';
import { openStore } from '../../../src/core/store/store.ts';

const [folder = '', feature = ''] = Bun.argv.slice(2);
const store = await openStore(folder, (error) => console.error(error));
const next = sequenceOf(feature, store);
console.log('ready');
for await (const hash of console) {
  // The end of the input is an empty line.
  if (hash === '') break;
  await store.agree?.(feature, hash);
  console.log(next(hash));
}
await store.close();
process.exit(0);
