import type { Outlet, OutletMemory, Pass } from '../../../src/core/outlets/outlet.ts';
import type { Feature } from '../../../src/core/runtime/define-feature.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { createRowsOutlet } from '../../../src/features/rows/index.ts';
import type { RowsSettings } from '../../../src/features/rows/settings.ts';
import { createRowsService, type RowsService, type RowsServiceOptions } from '../../support/rows-service.ts';
import { rowsSettings } from '../../support/rows-settings.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

/** The outlet over the stand-in of Rows.com, on a virtual clock, one pass after the other. */
export interface RowsDriver {
  readonly clock: VirtualClock;
  readonly service: RowsService;
  readonly memory: Map<string, string>;
  readonly outlet: Outlet;
  /** Runs a pass to its end. */
  deliver(snapshots: Iterable<Snapshot>, pass?: Partial<Pass>): Promise<void>;
  /** The requests of the latest pass, as `POST Claims_Data` or `GET /pages/…`. */
  sent(): string[];
}

export interface RowsDriverOptions extends RowsServiceOptions {
  readonly features: readonly Feature[];
  readonly settings?: Partial<RowsSettings>;
  readonly service?: RowsService;
  readonly clock?: VirtualClock;
  readonly memory?: Map<string, string>;
  /** Time before each request, ms. */
  readonly paceMs?: number;
}

export function rowsDriver(options: RowsDriverOptions): RowsDriver {
  const { features, settings, clock = createVirtualClock(), memory = new Map(), paceMs = 0 } = options;
  const { service = createRowsService({ now: clock.now, ...options }) } = options;
  const outlet = createRowsOutlet(rowsSettings(settings), { features, timeZone: 'America/Sao_Paulo', clock });
  let before = 0;
  return {
    ...{ clock, service, memory, outlet },
    async deliver(snapshots, changes = {}) {
      before = service.requests.length;
      const { signal } = new AbortController();
      let isOver = false;
      const delivered = outlet
        .deliver({
          snapshots: new Map([...snapshots].map((snapshot) => [snapshot.feature, snapshot])),
          notificationsAfter: () => [],
          ...{ now: clock.now(), isRequested: false, signal, memory: memoryOver(memory) },
          requestedFeatures: new Set(changes.isRequested === true ? [...snapshots].map(({ feature }) => feature) : []),
          async fetch(url, init) {
            if (paceMs > 0) await new Promise<void>((resolve) => clock.schedule(paceMs, resolve));
            return service.handle(new Request(url, { signal, ...init }));
          },
          ...changes,
        })
        .finally(() => {
          isOver = true;
        });
      delivered.catch(() => {});
      while (!isOver) await clock.advance(500);
      return delivered;
    },
    sent: () => service.requests.slice(before).map(({ method, path }) => `${method} ${path}`),
  };
}

function memoryOver(values: Map<string, string>): OutletMemory {
  return {
    get: (key) => values.get(key),
    entries: () => values.entries(),
    async save(changes) {
      for (const [key, value] of Object.entries(changes)) {
        if (value === null) values.delete(key);
        else values.set(key, value);
      }
    },
  };
}
