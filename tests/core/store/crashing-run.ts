/**
 * A run that ends without closing its store: it saves a mark, says so once the mark is on the disk, and waits to be
 * killed.
 *
 *     bun crashing-run.ts <folder> <feature> <seq>
 */
import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import { openStore } from '../../../src/core/store/store.ts';

const [folder = '', feature = '', seq = ''] = Bun.argv.slice(2);
const store = await openStore(folder, (error) => console.error(error));
store.save(feature, { seq: Number(seq), hash: `hash of ${seq}` });

const reader = new Database(join(folder, 'greg-bi.sqlite'), { readonly: true });
const saved = reader.query('select 1 from Sequences where feature = ? and seq = ?');
while (saved.get(feature, Number(seq)) === null) await new Promise(setImmediate);
console.log('saved');
setInterval(() => {}, 60_000);
