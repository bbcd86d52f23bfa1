import { scriptFeatures } from '../../tests/core/hubs/scripted-features.ts';
import { startTestServer } from '../../tests/support/test-server.ts';
import { answerRequests } from '../support/answer.ts';

/** Size of a snapshot's content, bytes. */
const CONTENT_BYTES = 10_000;

/** The full path of a snapshot from the change to the sockets, with a feature that costs nothing to read. */
const { sources, features, scripts } = scriptFeatures('scripted');
const server = startTestServer({ sources, features, intervalMs: 1 });
scripts.scripted.weigh(CONTENT_BYTES);
let shown = 0;

answerRequests({
  url: () => `${server.url.replace(/^http/, 'ws')}/hubs/scripted?protocol=json`,
  emit: () => scripts.scripted.show(++shown),
  cpu: () => cpuMicroseconds(),
});

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
