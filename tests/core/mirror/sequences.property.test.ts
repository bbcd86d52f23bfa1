import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { MirrorDatabase } from '../../../src/core/mirror/database.ts';
import type { RawCell, RawRow } from '../../../src/core/mirror/mirror-writer.ts';
import { catalogWithout, contentOf, openSmall, problemsIn, SMALL_TABLES, type SmallTable } from './small-mirror.ts';

type Model = Readonly<Record<SmallTable, readonly RawRow[]>>;

const textKey = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const numberKey = fc.integer({ min: 1, max: 5 });
const instant = fc.constantFrom('2026-03-01T00:00:00Z', '2026-03-02 12:00', '31/12/2025', null, '');
const rowsOf: Record<SmallTable, fc.Arbitrary<RawRow>> = {
  Payments: fc.tuple(
    textKey,
    textKey,
    fc.constantFrom('approved', 'APROVADO ', 'other', null),
    fc.constantFrom(1, 2.5, 'x', null),
    instant,
  ),
  Claims: fc.tuple(numberKey, fc.constantFrom('a', 'b', null), fc.constantFrom(0, 3, 'x', null), instant),
  logs: fc.tuple(textKey, instant, fc.constantFrom('Error', 'error', 7, null)),
};

const several = (table: SmallTable) => fc.array(rowsOf[table], { maxLength: 6 });
const rows = fc.record({ Payments: several('Payments'), Claims: several('Claims'), logs: several('logs') });

/** Something that is handed over; `whole` takes the place of a table. */
type Part =
  | { readonly kind: 'rows' | 'whole'; readonly table: SmallTable; readonly rows: readonly RawRow[] }
  | { readonly kind: 'deleted'; readonly table: SmallTable; readonly keys: readonly RawCell[] };

const partOf = (table: SmallTable): fc.Arbitrary<Part> =>
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('rows' as const, 'whole' as const),
      table: fc.constant(table),
      rows: several(table),
    }),
    fc.record({
      kind: fc.constant('deleted' as const),
      table: fc.constant(table),
      keys: fc.array<RawCell>(table === 'Claims' ? numberKey : textKey, { maxLength: 3 }),
    }),
  );
const step = fc.record({
  what: fc.oneof(
    { weight: 1, arbitrary: fc.record({ load: rows }) },
    {
      weight: 4,
      arbitrary: fc.record({ parts: fc.array(fc.constantFrom(...SMALL_TABLES).chain(partOf), { maxLength: 4 }) }),
    },
  ),
  isCommitted: fc.integer({ min: 0, max: 3 }).map((drawn) => drawn > 0),
});

test('after any sequence the mirror equals one that is loaded from scratch', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.array(step, { maxLength: 6 }), async (first, steps) => {
      const { mirror, database } = openSmall();
      let model: Model = first;
      handLoad(mirror, first);
      await mirror.commit('first');
      let position = 'first';
      for (const [index, { what, isCommitted }] of steps.entries()) {
        const next = 'load' in what ? handLoad(mirror, what.load) : handChanges(mirror, what.parts, model);
        if (isCommitted) {
          position = String(index);
          await mirror.commit(position);
          model = next;
        } else mirror.rollback();
        expect(mirror.state()?.position).toBe(position);
        expect({ content: contentOf(database()), problems: problemsIn(mirror) }).toEqual(await fromScratch(model));
      }
      mirror.close();
    }),
    { numRuns: 200, interruptAfterTimeLimit: 100_000 },
  );
}, 120_000);

function handLoad(mirror: MirrorDatabase, rows: Model): Model {
  mirror.begin('load', catalogWithout());
  for (const table of SMALL_TABLES) mirror.rows(table, rows[table]);
  return rows;
}

/** @returns what the source holds afterwards */
function handChanges(mirror: MirrorDatabase, parts: readonly Part[], model: Model): Model {
  mirror.begin('changes', catalogWithout());
  const after = new Map(SMALL_TABLES.map((table) => [table, model[table]]));
  const wholeTables = new Set<SmallTable>();
  for (const part of parts) {
    const { table, kind } = part;
    const before = after.get(table) ?? [];
    // A source that has rows with the same key cannot tell which one changed: its tables come whole.
    if (kind !== 'whole' && hasDuplicates(before)) continue;
    if (kind === 'deleted') {
      mirror.deleted(table, part.keys);
      after.set(
        table,
        before.filter(([key]) => !part.keys.includes(key ?? null)),
      );
    } else if (kind === 'whole') {
      mirror.whole(table);
      wholeTables.add(table);
      mirror.rows(table, part.rows);
      after.set(table, part.rows);
    } else if (!wholeTables.has(table)) {
      mirror.rows(table, part.rows);
      after.set(table, upserted(before, part.rows));
    }
  }
  const of = (table: SmallTable) => after.get(table) ?? [];
  return { Payments: of('Payments'), Claims: of('Claims'), logs: of('logs') };
}

function upserted(before: readonly RawRow[], rows: readonly RawRow[]): readonly RawRow[] {
  const latest = new Map(rows.map((row) => [row[0], row]));
  return [...before.filter(([key]) => !latest.has(key)), ...latest.values()];
}

function hasDuplicates(rows: readonly RawRow[]): boolean {
  return new Set(rows.map(([key]) => key)).size < rows.length;
}

async function fromScratch(model: Model) {
  const { mirror, database } = openSmall();
  handLoad(mirror, model);
  await mirror.commit('1');
  const held = { content: contentOf(database()), problems: problemsIn(mirror) };
  mirror.close();
  return held;
}
