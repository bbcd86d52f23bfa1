import { expect, test } from 'bun:test';
import { sqlTables } from '../../src/company/tables.ts';
import type { KeptSnapshot } from '../../src/core/store/snapshots.ts';
import { createVolatileStore } from '../../src/core/store/volatile-store.ts';
import { keepNewest, restoreSnapshots, type WarmStartOptions } from '../../src/core/store/warm-start.ts';
import { features } from '../../src/features/index.ts';
import { companySources, startCompanyServer } from '../support/company-server.ts';

/** Every optional column of SQL Server, as `Table.Column`. */
const OPTIONAL = sqlTables.flatMap(({ name, columns }) =>
  Object.entries(columns).flatMap(([column, { optional }]) => (optional ? [`${name}.${column}`] : [])),
);

test('snapshots of every feature are restored, also with unavailable figures and problems in the data', async () => {
  const company = await companySources({ without: new Set(OPTIONAL) });
  company.database.run("update Payments set Amount = 'much' where Id = (select min(Id) from Payments)");
  const kept: KeptSnapshot[] = [];
  const dropped: string[] = [];
  const warmStart: WarmStartOptions = {
    ...{ features, feeds: company.sources.feeds, timeZone: 'UTC' },
    store: {
      ...createVolatileStore(0),
      snapshots: { read: async () => kept, keep: (snapshot) => kept.push(snapshot), drop: () => {} },
    },
    onDropped: (feature, reason) => dropped.push(`${feature}: ${reason}`),
    onError: (error) => expect.unreachable(String(error)),
  };
  const server = await startCompanyServer(company);
  const { running } = server.supervisor;
  keepNewest(running, warmStart);
  await Promise.all(running.map(({ actor }) => actor.refresh()));

  const restored = await restoreSnapshots(warmStart);
  expect(dropped).toEqual([]);
  const snapshots = [...restored.values()];
  expect(snapshots.map(({ feature }) => feature).toSorted()).toEqual(features.map(({ name }) => name).toSorted());
  expect(snapshots.flatMap(({ unavailable }) => unavailable).length).toBeGreaterThan(0);
  expect(snapshots.flatMap(({ problems }) => problems).map(({ kind }) => kind)).toContain('unreadable-value');
  for (const { actor } of running) {
    const { data, unavailable, problems } = actor.latest() ?? {};
    expect(restored.get(actor.name)).toMatchObject({ data, unavailable, problems });
  }
  await server.stop();
});
