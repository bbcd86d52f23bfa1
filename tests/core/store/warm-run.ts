/**
 * A server without sockets, which is killed at any moment: it restores the snapshots of a folder and serves them, then
 * refreshes one feature again and again. It writes a line for each snapshot that clients see: `<seq> <status> <value>`.
 *
 *     bun warm-run.ts <folder> <first value>
 */
import { DEFAULT_TIMINGS } from '../../../src/core/runtime/actor-state.ts';
import { systemClock } from '../../../src/core/runtime/clock.ts';
import { supervise } from '../../../src/core/runtime/supervisor.ts';
import { openStore } from '../../../src/core/store/store.ts';
import { keepNewest, restoreSnapshots } from '../../../src/core/store/warm-start.ts';
import { figureOf, scriptFeatures } from '../hubs/scripted-features.ts';

const [folder = '', first = ''] = Bun.argv.slice(2);
const onError = (error: unknown) => console.error(error);
const { sources, features, scripts } = scriptFeatures('claims');
const store = await openStore(folder, onError, { writeEveryMs: 2 });
const onDropped = (feature: string, reason: string) => console.error(feature, reason);
const warmStart = { features, feeds: sources.feeds, timeZone: 'UTC', store, onDropped, onError };
const supervisor = supervise({
  ...{ features, ...sources, sequences: store, restored: await restoreSnapshots(warmStart) },
  timings: { ...DEFAULT_TIMINGS, changeWaitFactor: 0 },
  ...{ clock: systemClock, random: Math.random, onError },
});
keepNewest(supervisor.running, warmStart);
for (const { actor } of supervisor.running) {
  const show = () => {
    const latest = actor.latest();
    console.log(latest === undefined ? 'none' : `${latest.seq} ${latest.freshness.status} ${figureOf(latest)}`);
  };
  show();
  let value = Number(first);
  scripts.claims.weigh(20_000);
  scripts.claims.show(value);
  actor.publications.subscribe(() => {
    show();
    setTimeout(() => scripts.claims.show(++value), 1);
  });
}
supervisor.start();
