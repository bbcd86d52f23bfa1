import { expect, test } from 'bun:test';
import { SourceError, SourceTimeoutError } from '../../../src/core/runtime/source-errors.ts';
import { createEntryQueue } from '../../../src/core/store/entry-queue.ts';
import { statement } from '../../../src/core/store/statement.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const ENTRY = [statement('an entry')];

function queue() {
  const clock = createVirtualClock();
  const writes: PromiseWithResolvers<void>[] = [];
  const entries = createEntryQueue(() => {
    const write = Promise.withResolvers<void>();
    writes.push(write);
    return write.promise;
  }, clock);
  return { clock, writes, ...entries };
}

const outcomeOf = (work: Promise<void>) =>
  work.then(
    () => 'written',
    (error: unknown) => error,
  );

test('an entry that a Worker took with it is sent to the next one', async () => {
  const { keep, resend, writes } = queue();
  const kept = outcomeOf(keep(ENTRY));
  writes[0]?.reject(new SourceError('The store stopped'));
  await Promise.resolve();
  resend();
  writes[1]?.resolve();
  expect(await kept).toBe('written');
  resend();
  expect(writes).toHaveLength(2);
});

test('a caller waits for five seconds, and the entry is written later all the same', async () => {
  const { clock, keep, resend, writes } = queue();
  const kept = outcomeOf(keep(ENTRY));
  await clock.advance(5_000);
  expect(await kept).toBeInstanceOf(SourceTimeoutError);
  resend();
  expect(writes).toHaveLength(2);
});

test('what the store refuses is not sent again', async () => {
  const { keep, resend, writes } = queue();
  const kept = outcomeOf(keep(ENTRY));
  writes[0]?.reject(new Error('disk full'));
  expect(await kept).toEqual(new Error('disk full'));
  resend();
  expect(writes).toHaveLength(1);
});

test('no more than 1,000 wait', async () => {
  const { keep, writes } = queue();
  const kept = Array.from({ length: 1_001 }, () => outcomeOf(keep(ENTRY)));
  expect(await kept[1_000]).toEqual(new SourceError('The store has not taken 1000 entries yet'));
  expect(writes).toHaveLength(1_000);
});
