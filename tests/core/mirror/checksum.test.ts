import { expect, test } from 'bun:test';
import { tables } from '../../../src/company/tables.ts';
import { EXACT_KEYS, type MirroredTable } from '../../../src/core/mirror/catalog.ts';
import { differingTables } from '../../../src/core/mirror/checksum.ts';
import { MirrorDatabase } from '../../../src/core/mirror/database.ts';
import type { RawRow } from '../../../src/core/mirror/mirror-writer.ts';
import { mirrorShape } from '../../../src/core/mirror/store-tables.ts';

const files: MirroredTable = { table: tables.Files, columns: ['Id', 'TamanhoBytes', 'CriadoEm', 'NomeArquivo'] };
const users: MirroredTable = { table: tables.AspNetUsers, columns: ['Id', 'EmailConfirmed'] };

async function checksums(rows: readonly RawRow[], ofUsers: readonly RawRow[] = []) {
  const mirror = new MirrorDatabase({ shape: mirrorShape([files, users], []), path: null });
  const keys = { ...EXACT_KEYS, ignoresTrailingBlanks: true };
  mirror.begin('load', { keys, columns: { Files: files.columns, AspNetUsers: users.columns } });
  mirror.rows('Files', rows);
  mirror.rows('AspNetUsers', ofUsers);
  await mirror.commit('1');
  const found = mirror.checksums();
  mirror.close();
  return found;
}

test('sums are exact, whatever their size and sign', async () => {
  const most = Number.MAX_SAFE_INTEGER;
  const count = 2_000;
  const rows = Array.from({ length: count }, (_, id) => [id - 1_000, most - id, '1969-12-31T23:59:59.999Z', 'x']);
  const [sums] = await checksums(rows, [['ab  ', 1]]);
  const bytes = rows.reduce((sum, _, id) => sum + BigInt(most - id), 0n);
  expect(bytes).toBeGreaterThan(2n ** 63n);
  expect(sums).toEqual({
    table: 'Files',
    rows: count,
    sums: { Id: '-1000', TamanhoBytes: String(bytes), CriadoEm: String(-count) },
  });
});

test('a text key counts with its own length, and an empty table has sums as well', async () => {
  expect(
    await checksums(
      [],
      [
        ['ab  ', 1],
        ['c', 0],
      ],
    ),
  ).toEqual([
    { table: 'Files', rows: 0, sums: { Id: '0', TamanhoBytes: '0', CriadoEm: '0' } },
    { table: 'AspNetUsers', rows: 2, sums: { Id: '5', EmailConfirmed: '1' } },
  ]);
});

test('a column with values that could not be read has no sum, and is not compared', async () => {
  const [mirror] = await checksums([[1, 'many', null, 'x']]);
  expect(mirror?.sums).toEqual({ Id: '1', CriadoEm: '0' });
  const source = { table: 'Files', rows: 1, sums: { Id: '1', TamanhoBytes: '77', CriadoEm: '0' } };
  expect(differingTables([source], mirror === undefined ? [] : [mirror])).toEqual([]);
});

test('tables differ that have other rows or sums, or that the mirror lacks', () => {
  const held = [{ table: 'Files', rows: 2, sums: { Id: '3' } }];
  const differing = (rows: number, sum: string) => differingTables([{ table: 'Files', rows, sums: { Id: sum } }], held);
  expect(differing(2, '3')).toEqual([]);
  expect(differing(3, '3')).toEqual(['Files']);
  expect(differing(2, '4')).toEqual(['Files']);
  expect(differingTables([{ table: 'Plans', rows: 0, sums: {} }], held)).toEqual(['Plans']);
});
