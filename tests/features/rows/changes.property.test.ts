import { test } from 'bun:test';
import fc from 'fast-check';
import type { RowsFault } from '../../support/rows-service.ts';
import { type Item, item, itemsSnapshot, listed } from './listed-feature.ts';
import { rowsDriver } from './rows-driver.ts';

const WITHIN_MS = 60_000;
/** Within the 60 requests a minute, which the runtime sees to otherwise. */
const PACE_MS = 1_001;

/** A list of a feature, and what goes wrong on the way: for each request in turn, a fault or nothing. */
interface Step {
  readonly items: readonly Item[];
  readonly faults: readonly (RowsFault | undefined)[];
  readonly isRequested: boolean;
  readonly isAfterRestart: boolean;
}

const items = fc.array(
  fc
    .tuple(
      fc.constantFrom('', 'Ana', 'Bia', '=1+1', '-2', '007', ' x ', 'a\nb', "it's"),
      fc.nat(3),
      fc.constantFrom(null, '2026-03-01T03:00:00.000Z'),
    )
    .map(([name, amount, at]) => item(name, amount, at)),
  { maxLength: 30 },
);
const fault: fc.Arbitrary<RowsFault> = fc.record({
  answer: fc.constantFrom<RowsFault['answer']>(408, 500, 503, 'cut', 'garbage'),
  isDone: fc.boolean(),
});
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    items,
    faults: fc.array(fc.option(fault, { nil: undefined, freq: 3 }), { maxLength: 6 }),
    isRequested: fc.boolean(),
    isAfterRestart: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);
const world = fc.record({
  mostCells: fc.constantFrom(5, 7, 24, 10_000),
  writtenAfterMs: fc.constantFrom(0, 700, 3_000),
  rendering: fc.constantFrom('texts', 'typed' as const),
});

test(
  'whatever lists follow each other and whatever fails, in the end the table holds the last one and nothing else',
  () =>
    fc.assert(
      fc.asyncProperty(world, steps, async ({ mostCells, writtenAfterMs, rendering }, trial) => {
        const faults: (RowsFault | undefined)[] = [];
        const options = {
          ...{ features: [listed], paceMs: PACE_MS, mostCells, rendering, writtenAfterMs: () => writtenAfterMs },
          fault: () => faults.shift(),
        };
        let driver = rowsDriver(options);
        for (const step of trial) {
          const { clock, service, memory } = driver;
          if (step.isAfterRestart) driver = rowsDriver({ ...options, clock, service, memory: new Map(memory) });
          faults.push(...step.faults);
          // A pass that fails is followed by one with a newer list.
          await driver.deliver([itemsSnapshot(step.items)], { isRequested: step.isRequested }).catch(() => {});
        }
        faults.length = 0;
        const last = trial.at(-1)?.items ?? [];
        await driver.deliver([itemsSnapshot(last)]);
        const { service, sent, deliver } = driver;
        expectSame(service.workspace.cells('Items'), shown(last));
        const [, headline] = service.workspace.cells('Dashboard') ?? [];
        expectSame(headline?.[2], String(last.length));
        expectSame(service.violations, []);
        // What was read back is remembered.
        await deliver([itemsSnapshot(last)]);
        expectSame(sent(), []);
      }),
      { numRuns: 150 },
    ),
  WITHIN_MS,
);

/** Without the empty cells at the ends, as the stand-in shows its tables. */
function shown(list: readonly Item[]): string[][] {
  const rows = list.map(({ Name, Amount, At }) => [Name, String(Amount), ...(At === null ? [] : ['01/03/2026'])]);
  return [['Nome', 'Quantia', 'Em'], ...rows];
}

function expectSame(actual: unknown, expected: unknown): void {
  if (!Bun.deepEquals(actual, expected)) {
    throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
  }
}
