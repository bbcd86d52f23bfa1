import { systemClock } from '../core/runtime/clock.ts';
import { refuseCalls, serveCalls, type WorkerPort } from '../core/threads/calls.ts';
import { createDemoHost, type DemoEvent, type DemoSettings } from './demo-host.ts';

declare const self: WorkerPort;

/** Its one argument is the settings as JSON. */
let report: (event: unknown) => void = (event) => self.postMessage({ kind: 'event', event });
try {
  const settings: DemoSettings = JSON.parse(process.argv.at(-1) ?? '');
  const host = createDemoHost(settings, systemClock, (event: DemoEvent) => report(event));
  report = serveCalls(self, host);
  // Making or reading the company leaves more behind than the company is large.
  Bun.gc(true);
} catch (error) {
  refuseCalls(self, error);
}
