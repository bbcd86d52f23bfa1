import { describe, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mirrorShape } from '../../../src/core/mirror/store-tables.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import {
  byStatus,
  catalogWithout,
  contentFromScratch,
  contentOf,
  load,
  mirrored,
  openSmall,
  problemsIn,
} from './small-mirror.ts';

const HOUR_MS = 3_600_000;
const LIKE_SQL_SERVER = { ignoresCase: true, ignoresAccents: false, ignoresTrailingBlanks: true };

const paid = (id: string, amount: string | number | null = 10, status = 'approved') => [id, 'u1', status, amount, null];

const folder = temporaryFolders();

describe('a load', () => {
  test('whose tables cannot be created leaves no file open or behind', () => {
    const directory = folder();
    // The second table of this name is refused.
    const { mirror } = openSmall(join(directory, 'mirror.sqlite'), mirrorShape([mirrored.Claims, mirrored.Claims], []));
    expect(() => mirror.begin('load', catalogWithout())).toThrow('already exists');
    expect(readdirSync(directory).filter((name) => name.includes('loading'))).toEqual([]);
    mirror.close();
  });

  test('is visible with its position, at once and only when it is committed', async () => {
    const { mirror } = openSmall();
    mirror.begin('load', catalogWithout());
    mirror.rows('Payments', [paid('a')]);
    expect(mirror.state()).toBeNull();
    expect(mirror.reader()).toBeNull();

    expect(await mirror.commit('7')).toEqual({ tables: ['Payments', 'Claims', 'logs'], rows: 1 });
    expect(mirror.state()).toEqual({ position: '7', catalog: catalogWithout() });
    expect(mirror.reader()?.rows(byStatus)).toEqual([{ Status: 'approved', count: 1, cents: 1_000 }]);
  });

  test('takes the place of what was there, and nothing of it where it is given up', async () => {
    const { mirror } = openSmall();
    await load(mirror, { Payments: [paid('a'), paid('b')] });
    mirror.begin('load', catalogWithout());
    mirror.rows('Payments', [paid('c')]);
    mirror.rollback();
    expect(mirror.reader()?.count('Payments')).toBe(2);
    expect(mirror.state()?.position).toBe('1');

    await load(mirror, { Payments: [paid('c')] }, '2');
    expect(mirror.reader()?.count('Payments')).toBe(1);
    expect(mirror.state()?.position).toBe('2');
  });

  test('that begins anew drops what was handed over before', async () => {
    const { mirror, database } = openSmall();
    mirror.begin('load', catalogWithout());
    mirror.rows('Payments', [paid('a'), paid('gone')]);
    mirror.begin('load', catalogWithout());
    mirror.rows('Payments', [paid('a')]);
    await mirror.commit('1');
    expect(contentOf(database())).toEqual(await contentFromScratch({ Payments: [paid('a')] }));
  });

  test('serves readers between its steps, and does not end what is closed meanwhile', async () => {
    const { mirror } = openSmall();
    await load(mirror, { Payments: [paid('a')] });
    mirror.begin('load', catalogWithout());
    mirror.rows('Payments', [paid('b'), paid('c')]);
    const seen: (number | undefined)[] = [];
    await mirror.commit('2', async () => void seen.push(mirror.reader()?.count('Payments')));
    expect(new Set(seen)).toEqual(new Set([1]));
    expect(mirror.reader()?.count('Payments')).toBe(2);

    mirror.begin('load', catalogWithout());
    const ending = mirror.commit('3', async () => mirror.close());
    await expect(ending).rejects.toBeInstanceOf(SourceError);
    expect(mirror.state()).toBeNull();
  });
});

describe('changes', () => {
  test('are applied in their order, in one transaction with the position', async () => {
    const { mirror, database } = openSmall();
    await load(mirror, { Payments: [paid('a'), paid('b')], Claims: [[1, 'a', 0, null]] });
    mirror.begin('changes', catalogWithout());
    mirror.rows('Payments', [paid('a', 12), paid('c')]);
    mirror.deleted('Payments', ['b', 'c', 'nobody']);
    mirror.rows('Payments', [paid('b', 13)]);
    expect(mirror.reader()?.count('Payments')).toBe(2);
    const { tables, rows } = await mirror.commit('2');
    expect(tables).toEqual(['Payments']);
    expect(rows).toBe(5);
    expect(mirror.state()?.position).toBe('2');
    expect(contentOf(database())).toEqual(
      await contentFromScratch({ Payments: [paid('a', 12), paid('b', 13)], Claims: [[1, 'a', 0, null]] }),
    );
  });

  test('that are told twice change nothing, and no table is said to have moved', async () => {
    const { mirror } = openSmall();
    await load(mirror, { Payments: [paid('a', 'x')], Claims: [[1, 'a', 0, null]] });
    mirror.begin('changes', catalogWithout());
    mirror.rows('Payments', [paid('a', 'x')]);
    mirror.deleted('Claims', [9]);
    expect(await mirror.commit('2')).toEqual({ tables: [], rows: 0 });
    expect(mirror.state()?.position).toBe('2');
  });

  test('that cannot be applied leave everything as it was', async () => {
    const { mirror, database } = openSmall();
    await load(mirror, { Payments: [paid('a')] });
    const before = contentOf(database());
    database().run(`create trigger stop before insert on "Claims" begin select raise(abort, 'not this one'); end`);
    mirror.begin('changes', catalogWithout());
    mirror.whole('logs');
    mirror.rows('Payments', [paid('b')]);
    mirror.rows('Claims', [[1, 'a', 0, null]]);
    await expect(mirror.commit('2')).rejects.toThrow('not this one');
    expect(contentOf(database())).toEqual(before);
    expect(mirror.state()?.position).toBe('1');

    database().run('drop trigger stop');
    mirror.begin('changes', catalogWithout());
    mirror.rows('Payments', [paid('b')]);
    await mirror.commit('3');
    expect(mirror.reader()?.count('Payments')).toBe(2);
  });

  test('so many that everything derived is rebuilt give the same result', async () => {
    const { mirror, database } = openSmall();
    const ids = Array.from({ length: 8_000 }, (_, index) => `p${index}`);
    await load(mirror, { Payments: ids.map((id) => paid(id)), Claims: [[1, 'p1', 0, null]] });
    mirror.begin('changes', catalogWithout());
    mirror.rows(
      'Payments',
      ids.map((id) => paid(id, 2, 'pending')),
    );
    mirror.deleted('Payments', ids.slice(4_000));
    expect(await mirror.commit('2')).toEqual({ tables: ['Payments'], rows: 12_000 });
    const left = ids.slice(0, 4_000).map((id) => paid(id, 2, 'pending'));
    expect(contentOf(database())).toEqual(await contentFromScratch({ Payments: left, Claims: [[1, 'p1', 0, null]] }));

    mirror.begin('changes', catalogWithout());
    mirror.deleted('Payments', ['p1']);
    await mirror.commit('3');
    expect(mirror.reader()?.rows(byStatus)).toEqual([{ Status: 'pending', count: 3_999, cents: 799_800 }]);
  });

  test('of a mirror that was never loaded are refused, which is no error of our own', () => {
    const { mirror } = openSmall();
    expect(() => mirror.begin('changes', catalogWithout())).toThrow(SourceError);
  });

  test('are not taken before begin, nor committed twice', async () => {
    const { mirror } = openSmall();
    expect(() => mirror.rows('Payments', [])).toThrow(TypeError);
    await load(mirror, {});
    await expect(mirror.commit('2')).rejects.toBeInstanceOf(TypeError);
    expect(mirror.state()?.position).toBe('1');
  });
});

describe('a whole table', () => {
  test('is applied by the difference', async () => {
    const { mirror, database } = openSmall();
    await load(mirror, { Payments: [paid('a'), paid('b'), paid('c')], Claims: [[1, 'b', 0, null]] });
    mirror.begin('changes', catalogWithout());
    mirror.rows('Payments', [paid('before', 1)]);
    mirror.whole('Payments');
    mirror.rows('Payments', [paid('b', 20), paid('c')]);
    mirror.rows('Payments', [paid('d')]);
    expect(await mirror.commit('2')).toEqual({ tables: ['Payments'], rows: 3 });
    expect(contentOf(database())).toEqual(
      await contentFromScratch({ Payments: [paid('b', 20), paid('c'), paid('d')], Claims: [[1, 'b', 0, null]] }),
    );
  });

  test('that is announced again begins anew, and deletes after it count', async () => {
    const { mirror } = openSmall();
    await load(mirror, { Payments: [paid('a')] });
    mirror.begin('changes', catalogWithout());
    mirror.whole('Payments');
    mirror.rows('Payments', [paid('a'), paid('b')]);
    mirror.whole('Payments');
    mirror.rows('Payments', [paid('c'), paid('d')]);
    mirror.deleted('Payments', ['d']);
    await mirror.commit('2');
    expect(mirror.reader()?.rows(byStatus)).toEqual([{ Status: 'approved', count: 1, cents: 1_000 }]);
  });

  test('is not seen before it is committed: neither its rows, nor what was found in them', async () => {
    const { mirror } = openSmall();
    await load(mirror, { Payments: [paid('a', 'x'), paid('b')] });
    const seen = () => {
      const reader = mirror.reader();
      const rows = reader?.all(reader.tables().selectFrom('Payments').select('Id').orderBy('Id'));
      return [rows?.map(({ Id }) => Id), problemsIn(mirror).map(({ example }) => example), mirror.checksums()[0]?.rows];
    };
    const before = [['a', 'b'], ['a'], 2];
    mirror.begin('changes', catalogWithout());
    mirror.whole('Payments');
    mirror.rows('Payments', [paid('a'), paid('c', 'y'), paid('d')]);
    expect(seen()).toEqual(before);
    mirror.rollback();
    expect(seen()).toEqual(before);

    mirror.begin('changes', catalogWithout());
    mirror.whole('Payments');
    mirror.rows('Payments', [paid('c', 'y')]);
    await mirror.commit('2');
    expect(seen()).toEqual([['c'], ['c'], 1]);
  });

  test('that is given up leaves nothing to the next one', async () => {
    const { mirror } = openSmall();
    await load(mirror, { Payments: [paid('a')] });
    mirror.begin('changes', catalogWithout());
    mirror.whole('Payments');
    mirror.rows('Payments', [paid('x', 'unreadable')]);
    mirror.begin('changes', catalogWithout());
    mirror.whole('Payments');
    mirror.rows('Payments', [paid('a')]);
    expect(await mirror.commit('2')).toEqual({ tables: [], rows: 0 });
    expect(problemsIn(mirror)).toEqual([]);
  });

  test('with more differences than triggers are fit for makes all that follows it anew', async () => {
    const { mirror, database } = openSmall();
    const before = Array.from({ length: 15_000 }, (_, index) => paid(`a${index}`, index));
    const after = Array.from({ length: 15_000 }, (_, index) => paid(`b${index}`, index, 'pending'));
    const claims = [
      [1, 'a1', 0, null],
      [2, 'b2', 0, null],
    ];
    await load(mirror, { Payments: before, Claims: claims });
    mirror.begin('changes', catalogWithout());
    mirror.whole('Payments');
    mirror.rows('Payments', after);
    expect(await mirror.commit('2')).toEqual({ tables: ['Payments'], rows: 30_000 });
    expect(contentOf(database())).toEqual(await contentFromScratch({ Payments: after, Claims: claims }));

    mirror.begin('changes', catalogWithout());
    mirror.deleted('Payments', ['b2']);
    await mirror.commit('3');
    expect(contentOf(database())).toEqual(
      await contentFromScratch({ Payments: after.filter(([id]) => id !== 'b2'), Claims: claims }),
    );
  });
});

describe('rows with the same key', () => {
  const duplicates = (table: string, column: string, rows: number, example: string) => [
    { kind: 'duplicate-key' as const, table, column, rows, example },
  ];
  const claims = [
    [1, 'a', 0, null],
    [2, 'b', 0, null],
    [1, 'c', 3, null],
    [1, 'd', 'x', null],
  ];
  const payments = [paid('a'), paid('b'), paid('a', 99), paid('a', 'unreadable')];

  test.each([
    ['numbers', { Claims: claims }, { Claims: claims.slice(0, 2) }, duplicates('Claims', 'Id', 2, '1')],
    ['text', { Payments: payments }, { Payments: payments.slice(0, 2) }, duplicates('Payments', 'Id', 2, 'a')],
  ])(
    'that are %s: the first counts and the others are told, in a load and in a whole table',
    async (_, rows, first, told) => {
      const { mirror, database } = openSmall();
      await load(mirror, rows);
      const { Duplicates: ofFirst, ...rest } = contentOf(database());
      const { Duplicates: none, ...expected } = await contentFromScratch(first);
      expect(rest).toEqual(expected);
      expect(problemsIn(mirror)).toEqual(told);

      mirror.begin('changes', catalogWithout());
      for (const [table, clean] of Object.entries(first)) {
        mirror.whole(table);
        mirror.rows(table, clean);
      }
      expect((await mirror.commit('2')).tables).toEqual(Object.keys(first));
      expect(problemsIn(mirror)).toEqual([]);

      mirror.begin('changes', catalogWithout());
      for (const [table, all] of Object.entries(rows)) {
        mirror.whole(table);
        mirror.rows(table, all);
      }
      await mirror.commit('3');
      expect(contentOf(database())).toEqual({ ...expected, Duplicates: ofFirst ?? [] });
      expect(ofFirst).toHaveLength(1);
      expect(none).toEqual([]);
    },
  );

  test('are the same as the source compares them', async () => {
    const { mirror } = openSmall();
    const catalog = catalogWithout([], LIKE_SQL_SERVER);
    await load(mirror, { Payments: [paid('A '), paid('a')], Claims: [[1, 'a  ', 0, null]] }, '1', catalog);
    expect(problemsIn(mirror)).toEqual(duplicates('Payments', 'Id', 1, 'A '));
    mirror.begin('changes', catalog);
    mirror.deleted('Payments', ['a']);
    await mirror.commit('2');
    expect(mirror.reader()?.count('Payments')).toBe(0);
  });
});

describe('values that cannot be read', () => {
  const amounts = (rows: number, example: string | null) => [
    { kind: 'unreadable-value' as const, table: 'Payments', column: 'Amount', rows, example },
  ];

  test('are told until they are mended, whichever way that is heard of', async () => {
    const { mirror } = openSmall();
    await load(mirror, { Payments: [paid('a', 'x'), paid('b', '1,5'), paid('c'), paid('d', 'y')] });
    expect(problemsIn(mirror)).toEqual(amounts(3, 'a'));
    mirror.begin('changes', catalogWithout());
    mirror.rows('Payments', [paid('a')]);
    mirror.deleted('Payments', ['d']);
    await mirror.commit('2');
    expect(problemsIn(mirror)).toEqual(amounts(1, 'b'));
    mirror.begin('changes', catalogWithout());
    mirror.whole('Payments');
    mirror.rows('Payments', [paid('b'), paid('c', {}.toString())]);
    await mirror.commit('3');
    expect(problemsIn(mirror)).toEqual(amounts(1, 'c'));
  });

  test('move their table though no cell of it differs', async () => {
    const { mirror } = openSmall();
    await load(mirror, { Payments: [paid('a', 0)] });
    mirror.begin('changes', catalogWithout());
    mirror.rows('Payments', [paid('a', 'x')]);
    expect(await mirror.commit('2')).toEqual({ tables: ['Payments'], rows: 1 });
    mirror.begin('changes', catalogWithout());
    mirror.whole('Payments');
    mirror.rows('Payments', [paid('a', 0)]);
    expect(await mirror.commit('3')).toEqual({ tables: ['Payments'], rows: 1 });
  });

  test('of a key leave the row, which has no example', async () => {
    const { mirror } = openSmall();
    await load(mirror, {
      Claims: [
        ['x', 'a', 0, null],
        [null, 'a', 0, null],
        [3, 'a', 0, null],
      ],
    });
    expect(mirror.reader()?.count('Claims')).toBe(3);
    expect(problemsIn(mirror)).toEqual([
      { kind: 'unreadable-value', table: 'Claims', column: 'Id', rows: 2, example: null },
    ]);
  });
});

describe('a catalog', () => {
  const bare = catalogWithout(['Claims.UpdatedAt', 'logs']);
  const full = catalogWithout();
  const at = '2026-03-01T00:00:00Z';

  test('without an optional column or table: that is reported, and nothing is unreadable', async () => {
    const { mirror } = openSmall();
    await load(mirror, { Claims: [[1, 'a', 0, null]] }, '1', bare);
    expect(mirror.reader()?.has('Claims', 'UpdatedAt')).toBe(false);
    expect(mirror.reader()?.hasTable('logs')).toBe(false);
    expect(problemsIn(mirror)).toEqual([
      { kind: 'missing-column', table: 'Claims', column: 'UpdatedAt', rows: 0, example: null },
    ]);
  });

  test('that becomes another one is visible with the rows, and concerns every table', async () => {
    const { mirror, database } = openSmall();
    await load(mirror, { Claims: [[1, 'a', 0, null]] }, '1', bare);
    mirror.begin('changes', full);
    mirror.whole('Claims');
    mirror.rows('Claims', [[1, 'a', 0, at]]);
    expect(mirror.reader()?.has('Claims', 'UpdatedAt')).toBe(false);
    expect((await mirror.commit('2')).tables).toEqual(['Payments', 'Claims', 'logs']);
    expect(mirror.reader()?.has('Claims', 'UpdatedAt')).toBe(true);
    expect(mirror.state()).toEqual({ position: '2', catalog: full });
    expect(contentOf(database())).toEqual(await contentFromScratch({ Claims: [[1, 'a', 0, at]] }, full));

    await load(mirror, { Claims: [[1, 'a', 0, null]] }, '3', bare);
    expect(mirror.reader()?.has('Claims', 'UpdatedAt')).toBe(false);
  });
});

test('rows that are too old are dropped, with what was found in them', async () => {
  const { mirror, database } = openSmall();
  const now = Date.UTC(2026, 2, 15);
  const log = (id: string, hoursAgo: number, level: string | null) => [
    id,
    new Date(now - hoursAgo * HOUR_MS).toISOString(),
    level,
  ];
  const kept = [log('new', 1, 'Error'), log('edge', 25, 'Error'), log('odd', 2, null)];
  await load(mirror, { logs: [...kept, log('old', 25.001, null), ['undated', 'x', 'Error']] });
  expect(mirror.prune(now)).toEqual(['logs']);
  expect(contentOf(database())).toEqual(await contentFromScratch({ logs: kept }));
  expect(mirror.prune(now)).toEqual([]);
});

test('its size is that of its rows', async () => {
  const { mirror } = openSmall();
  expect(mirror.size()).toEqual({ rows: {}, bytes: 0 });
  await load(mirror, { Payments: Array.from({ length: 5_000 }, (_, index) => paid(`p${index}`)) });
  const { rows, bytes } = mirror.size();
  expect(rows).toEqual({ Payments: 5_000, Claims: 0, logs: 0 });
  expect(bytes / 5_000).toBeGreaterThan(20);
  expect(bytes / 5_000).toBeLessThan(200);
});
