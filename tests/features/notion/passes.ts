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
import { PARENT_PAGE } from '../../support/notion/workspace.ts';
import { companySnapshots } from './company-snapshots.ts';

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
