import { describe, expect, test } from 'bun:test';
import type { ChangeDetection } from '../../../../src/core/sources/changes/change-detection.ts';
import { type ChangePoll, pollChanges } from '../../../../src/core/sources/changes/poll-changes.ts';
import type { SourceChange } from '../../../../src/core/sources/changes/source-change.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const CLAIMS: SourceChange = { names: new Set(['Claims']) };
const BEST: ChangeDetection = { mode: 'change-tracking', reason: null };
const NEXT_BEST: ChangeDetection = { mode: 'usage-statistics', reason: 'Change Tracking is off' };

/** A source whose answers a test sets, and what came of asking it. */
function scripted() {
  const clock = createVirtualClock();
  const script = { detection: BEST, answer: null as SourceChange | null, isAway: false, looks: 0, questions: 0 };
  const told: ChangeDetection[] = [];
  const seen: unknown[] = [];
  const refuseIfAway = () => {
    if (script.isAway) throw new Error('away');
  };
  const find = async (): Promise<ChangePoll> => {
    script.looks++;
    refuseIfAway();
    return {
      detection: script.detection,
      everyMs: 1_000,
      async poll() {
        script.questions++;
        refuseIfAway();
        const { answer } = script;
        script.answer = null;
        return answer;
      },
    };
  };
  const polled = pollChanges({
    find,
    clock,
    random: () => 1,
    improveAfterMs: 600_000,
    onDetection: (detection) => told.push(detection),
  });
  const subscribe = () => polled.changes.subscribe(({ names }) => seen.push(names));
  return { clock, script, told, seen, polled, subscribe };
}

describe('asking a source what changed', () => {
  test('begins with the first listener, and not before', async () => {
    const { clock, script, polled, subscribe } = scripted();
    await clock.advance(5_000);
    expect(script.looks).toBe(0);
    expect(polled.detection()).toMatchObject({ mode: 'unknown' });
    subscribe();
    await polled.begun();
    expect(script.looks).toBe(1);
    expect(polled.detection()).toEqual(BEST);
  });

  test('is one question a second however many listen, and tells what moved', async () => {
    const { clock, script, seen, polled, subscribe } = scripted();
    subscribe();
    subscribe();
    await polled.begun();
    await clock.advance(10_000);
    expect(script).toMatchObject({ looks: 1, questions: 10 });
    expect(seen).toEqual([]);
    script.answer = CLAIMS;
    await clock.advance(1_000);
    expect(seen).toEqual([CLAIMS.names, CLAIMS.names]);
  });

  test('ends with the last listener', async () => {
    const { clock, script, polled, subscribe } = scripted();
    const subscription = subscribe();
    await polled.begun();
    subscription.unsubscribe();
    await clock.advance(60_000);
    expect(script.questions).toBe(0);
  });

  test('takes everything to have changed when the source goes, backs off while it is away, and again when it is back', async () => {
    const { clock, script, told, seen, polled, subscribe } = scripted();
    subscribe();
    await polled.begun();
    script.isAway = true;
    await clock.advance(1_000);
    // Whoever reads now finds out, and can say so.
    expect(seen).toEqual(['all']);
    await clock.advance(1_000 + 2_000 + 4_000);
    // One question, and a look after 1, 2 and 4 seconds.
    expect(script).toMatchObject({ looks: 4, questions: 1 });
    script.isAway = false;
    await clock.advance(8_000);
    expect(seen).toEqual(['all', 'all']);
    expect(told).toEqual([BEST]);
  });

  test('never waits longer than half a minute', async () => {
    const { clock, script, seen, polled, subscribe } = scripted();
    script.isAway = true;
    subscribe();
    await polled.begun();
    await clock.advance(3_600_000);
    script.isAway = false;
    await clock.advance(30_000);
    expect(seen).toEqual(['all']);
  });

  test('goes on in another way when one has gone, and says so once', async () => {
    const { clock, script, told, polled, subscribe } = scripted();
    subscribe();
    await polled.begun();
    script.isAway = true;
    await clock.advance(1_000);
    script.detection = NEXT_BEST;
    script.isAway = false;
    await clock.advance(60_000);
    expect(told).toEqual([BEST, NEXT_BEST]);
    expect(polled.detection()).toEqual(NEXT_BEST);
  });

  test('looks for a better way every ten minutes, where there may be one', async () => {
    const { clock, script, told, seen, polled, subscribe } = scripted();
    script.detection = NEXT_BEST;
    subscribe();
    await polled.begun();
    script.detection = BEST;
    await clock.advance(599_000);
    expect(told).toEqual([NEXT_BEST]);
    await clock.advance(1_000);
    expect(told).toEqual([NEXT_BEST, BEST]);
    // Between two ways of asking, something may have gone unnoticed.
    expect(seen).toEqual(['all']);
    await clock.advance(3_600_000);
    expect(script.looks).toBe(2);
  });

  test('has begun when the first look has failed, too: nobody waits for a source that is away', async () => {
    const { script, polled, subscribe } = scripted();
    script.isAway = true;
    subscribe();
    await polled.begun();
    expect(polled.detection()).toMatchObject({ mode: 'unknown' });
  });
});
