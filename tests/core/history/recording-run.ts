/**
 * A run that is killed while it records: each point in a minute of its own, printed once it is committed. Without the
 * Worker, which would only take longer to start.
 *
 *     bun recording-run.ts <file> <first value>
 */
import { memoryHistory } from '../../support/memory-history.ts';
import { MINUTE_MS, values } from './recorded.ts';

const [path = '', first = ''] = Bun.argv.slice(2);
const history = memoryHistory({ path });
for (let value = Number(first); ; value++) {
  await history.record([values(value)], value * MINUTE_MS);
  console.log(value);
}
