/**
 * A run that saves the memory of an outlet again and again, and prints each number once it is saved, until it is killed.
 *
 *     bun remembering-run.ts <folder>
 */
import { openOutletMemory } from '../../../src/core/outlets/outlet-memory.ts';
import { openStore } from '../../../src/core/store/store.ts';

const [folder = ''] = Bun.argv.slice(2);
const store = await openStore(folder, (error) => console.error(error));
const memory = openOutletMemory(store.outlets, 'rows');
for (let save = 0; ; save++) {
  await memory.save({ one: String(save), other: String(save) });
  process.stdout.write(`${save}\n`);
}
