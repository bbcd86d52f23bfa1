import { expect } from 'bun:test';
import type { Outlet, OutletMemory, Pass } from '../../../src/core/outlets/outlet.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { features } from '../../../src/features/index.ts';
import { createNotionOutlet } from '../../../src/features/notion/index.ts';
import {
  createNotionServer,
  type NotionServer,
  type NotionServerOptions,
  TOKEN,
} from '../../support/notion/notion-server.ts';
import { PARENT_PAGE, titleOf } from '../../support/notion/workspace.ts';
import { companySnapshots, figuresIn, snapshotWith } from './company-snapshots.ts';

export const SETTINGS = { token: TOKEN, url: 'https://api.notion.com', pageId: PARENT_PAGE, intervalMs: 900_000 };

/** A memory with what is on disk and what is not, for tests that lose the latter. */
export interface TestMemory extends OutletMemory {
  readonly onDisk: Map<string, string>;
  /** Called before a save; the memory has the new values by then, the disk does not. */
  beforeSave(): void | Promise<void>;
}

export function createTestMemory(onDisk = new Map<string, string>()): TestMemory {
  const values = new Map(onDisk);
  const memory: TestMemory = {
    onDisk,
    beforeSave: () => {},
    get: (key) => values.get(key),
    entries: () => values.entries(),
    async save(changes) {
      apply(values, changes);
      await memory.beforeSave();
      apply(onDisk, changes);
    },
  };
  return memory;
}

function apply(values: Map<string, string>, changes: Readonly<Record<string, string | null>>): void {
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) values.delete(key);
    else values.set(key, value);
  }
}

export interface TestedOutlet {
  readonly server: NotionServer;
  readonly outlet: Outlet;
  memory: TestMemory;
  snapshots: ReadonlyMap<string, Snapshot>;
  /** Brings Notion up to date, as the runtime does. @returns the calls of the pass */
  pass(options?: Partial<Pass>): Promise<string[]>;
}

/** The outlet with a stand-in server, without the runtime: no budget and no retry. */
export function testedOutlet(options: NotionServerOptions = {}, settings = SETTINGS): TestedOutlet {
  // Without a budget there is no rate to keep: a second passes with each request.
  let second = 0;
  const server = createNotionServer({ now: () => (second += 1_000), ...options });
  const tested: TestedOutlet = {
    server,
    outlet: createNotionOutlet(settings, { features }),
    memory: createTestMemory(),
    snapshots: companySnapshots(1),
    async pass(given = {}) {
      const before = server.calls.length;
      await tested.outlet.deliver({
        snapshots: tested.snapshots,
        notificationsAfter: () => [],
        now: Date.UTC(2026, 2, 15, 12),
        isRequested: false,
        requestedFeatures: new Set(),
        fetch: server.fetch,
        memory: tested.memory,
        signal: new AbortController().signal,
        ...given,
      });
      return server.calls.slice(before).map(({ name }) => name);
    },
  };
  return tested;
}

export const KEY = 'claims.summary.WinRate';

/** A status shows no more of it, characters. */
export const LONGEST_REASON = 300;

/** What the live pages show, by key. */
function shown(server: NotionServer): Map<string, unknown> {
  const entries = server.workspace
    .livePages()
    .map(({ properties }) => [titleOf(properties), properties.Value?.number] as const);
  expect(new Set(entries.map(([key]) => key)).size).toBe(entries.length);
  return new Map(entries);
}

export function expectUpToDate({ server, snapshots }: TestedOutlet): void {
  expect(shown(server)).toEqual(figuresIn(snapshots));
  expect(server.violations).toEqual([]);
}

/** The tested outlet with another value for some figures of the claims. */
export function changeClaims(tested: TestedOutlet, values: Readonly<Record<string, number | null>>, number = 2): void {
  const { summary, ...others } = Object(tested.snapshots.get('claims')?.data);
  const data = { ...others, summary: { ...summary, ...values } };
  tested.snapshots = new Map([...tested.snapshots, ['claims', snapshotWith('claims', number, data)]]);
}

export async function errorOf(pass: Promise<unknown>): Promise<unknown> {
  return pass.then(
    () => undefined,
    (error: unknown) => error,
  );
}

export async function upToDate(): Promise<TestedOutlet> {
  const tested = testedOutlet();
  await tested.pass();
  return tested;
}
