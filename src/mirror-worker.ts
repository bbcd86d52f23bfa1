import { join } from 'node:path';
import { tables } from './company/tables.ts';
import { createCalendar } from './core/figures/zone.ts';
import { createMirrorHost } from './core/mirror/host.ts';
import { refuseCalls, serveCalls, type WorkerPort } from './core/threads/calls.ts';
import { features } from './features/index.ts';

/** The Worker of the mirror. Its arguments: time zone, storage (`memory` or `disk`), folder for state. */
declare const self: WorkerPort;

const [timeZone = 'UTC', storage = 'memory', directory = ''] = process.argv.slice(-3);
const inFolder = (name: string) => (directory === '' ? null : join(directory, name));
try {
  const notices: string[] = [];
  const host = createMirrorHost({
    tables: Object.values(tables),
    features,
    calendar: createCalendar(timeZone),
    pathOf: (source) => (storage === 'disk' ? inFolder(`mirror-${source}.sqlite`) : null),
    imageOf: (source) => (storage === 'disk' ? null : inFolder(`mirror-${source}.image`)),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    onUnusable: (source, reason) => notices.push(`The mirror of ${source} is kept in memory: ${reason}`),
  });
  const report = serveCalls(self, host);
  notices.forEach(report);
} catch (error) {
  refuseCalls(self, error);
}
