import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { features } from '../../../src/features/index.ts';
import { createRowsOutlet } from '../../../src/features/rows/index.ts';
import { ANCHOR } from '../../demo/company.ts';
import { type DemoFeatures, demoFeatures } from '../../support/demo-features.ts';
import { rowsSettings } from '../../support/rows-settings.ts';
import type { Rendering } from '../../support/rows-table.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { expectedDashboard, expectedSheets } from './oracle.ts';
import { rowsDriver } from './rows-driver.ts';

/** The real features over the demo company. */
const clock = createVirtualClock(ANCHOR);
let demo: DemoFeatures;
let snapshots: ReadonlyMap<string, Snapshot>;

beforeAll(async () => {
  demo = demoFeatures(clock, 0);
  snapshots = await demo.refresh();
});
afterAll(() => demo.stop());

describe.each<Rendering>(['texts', 'typed'])('read back as %s, the tables of the spreadsheet', (rendering) => {
  const driver = rowsDriver({ features, clock, rendering });
  const { service, deliver, sent } = driver;

  test('are made on the page Greg BI in one pass, within the rate', async () => {
    expect(snapshots.size).toBe(7);
    await deliver(snapshots.values());
    expect(service.violations).toEqual([]);
    expect(service.workspace.pageNames).toEqual(['Page1', 'Greg BI']);
    expect([...service.workspace.tableNames].sort()).toEqual(
      ['Dashboard', ...Object.keys(expectedSheets(snapshots))].sort(),
    );
    expect(service.workspace.tableNames).toHaveLength(15);
    // The list of tables, the page, and three for each sheet.
    expect(sent()).toHaveLength(2 + 3 * 15);
  });

  test('hold every cell of the DTOs, and nothing else', () => {
    for (const [name, rows] of Object.entries(expectedSheets(snapshots))) {
      expect(rows.length).toBeGreaterThan(1);
      expect({ name, rows: service.workspace.cells(name) }).toEqual({ name, rows: rows.map(withoutEmptyEnd) });
    }
  });

  test('have every headline, with the instant of its snapshot', () => {
    const cells = service.workspace.cells('Dashboard') ?? [];
    expect(cells.map((row) => row.slice(0, 4))).toEqual(expectedDashboard(snapshots));
    expect(cells.map((row) => row[4])).toEqual(['Atualizado em', ...Array<string>(32).fill('24/11/2026 12:30')]);
  });

  test('cost nothing while nothing changes', async () => {
    await deliver(snapshots.values());
    expect(sent()).toEqual([]);
    // A refresh without changes.
    const later = [...snapshots.values()].map((snapshot) => ({
      ...snapshot,
      generatedAt: snapshot.generatedAt + 60_000,
    }));
    await deliver(later);
    expect(sent()).toEqual([]);
  });
});

function withoutEmptyEnd(row: readonly string[]): string[] {
  return row.slice(0, row.findLastIndex((cell) => cell !== '') + 1);
}

test('two sheets with one name are refused', () => {
  const [feature] = features;
  if (feature === undefined) throw new Error('There is no feature');
  const options = { features: [feature, feature], timeZone: 'UTC' };
  expect(() => createRowsOutlet(rowsSettings(), options)).toThrow('Two sheets are called Claims_Data');
});
