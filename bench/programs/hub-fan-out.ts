import { scriptFeatures } from '../../tests/core/hubs/scripted-features.ts';
import { startTestServer } from '../../tests/support/test-server.ts';
import { answerRequests } from '../support/answer.ts';

/** The content of a snapshot, in bytes. */
const CONTENT_BYTES = 10_000;

/** The whole way of a snapshot, from the change to the sockets, over a feature that costs nothing to read. */
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
