import { systemClock } from '../core/runtime/clock.ts';
import { refuseCalls, serveCalls, type WorkerPort } from '../core/threads/calls.ts';
import { createDemoHost, type DemoEvent, type DemoSettings } from './demo-host.ts';

/** The Worker of the demo. Its argument: the settings as JSON. */
declare const self: WorkerPort;

let report: (event: unknown) => void = (event) => self.postMessage({ kind: 'event', event });
try {
  const settings: DemoSettings = JSON.parse(process.argv.at(-1) ?? '');
  const host = createDemoHost(settings, systemClock, (event: DemoEvent) => report(event));
  report = serveCalls(self, host);
  // Generating or reading the data leaves more garbage than data.
  Bun.gc(true);
} catch (error) {
  refuseCalls(self, error);
}
