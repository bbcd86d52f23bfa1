import { describe, expect, test } from 'bun:test';
import type { TableChecksum } from '../../../src/core/mirror/checksum.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { type RunningFeed, startFeed } from './running-feed.ts';
import { payment } from './scripted-source.ts';

const HOUR_MS = 3_600_000;

/** A feed whose source tells the sums of its rows, as of now. */
async function comparable(sums: (running: RunningFeed) => Promise<readonly TableChecksum[]> = trueSums) {
  const running = await startFeed();
  const { source, clock } = running;
  source.always.open = async (usual, signal) => ({ ...(await usual(signal)), compare: () => sums(running) });
  source.once.poll.push(() => Promise.reject(new SourceError('cut')));
  await clock.advance(1_000);
  return running;
}

async function trueSums({ source }: RunningFeed): Promise<TableChecksum[]> {
  const rows = source.rows();
  const cents = rows.reduce((sum, row) => sum + Number(row[3]) * 100, 0);
  return [{ table: 'Payments', rows: rows.length, sums: { Amount: String(cents) } }];
}

/** Makes the mirror wrong, as nothing should ever do. */
function damage({ opened }: RunningFeed) {
  opened.database().run(`delete from "Payments" where "Id" = 'a'`);
}

describe('a comparison of mirror and source', () => {
  test('finds nothing where they are the same', async () => {
    await using running = await comparable();
    const { feed, clock, source } = running;
    source.put(payment('c', 3));
    const compared = feed.compare();
    await clock.advance(1_000);
    expect(await compared).toEqual({ at: expect.any(Number), differing: [] });
    expect(source.began.load).toHaveLength(1);
  });

  test('loads everything again where they differ, and says which table did', async () => {
    await using running = await comparable();
    const { feed, clock, source, statuses } = running;
    damage(running);
    const compared = feed.compare();
    await clock.advance(1_000);
    expect(await compared).toMatchObject({ differing: ['Payments'] });
    expect(source.began.load).toHaveLength(2);
    const [mirror, expected] = await running.compare();
    expect(mirror).toEqual(expected);
    expect(statuses.some(({ failing }) => failing !== null)).toBe(false);
  });

  test('is made every few hours by itself', async () => {
    await using running = await comparable();
    const { feed, clock, source } = running;
    await clock.advance(6 * HOUR_MS - 2_000);
    damage(running);
    expect(feed.status().reconciled).toBeNull();
    await clock.advance(5_000);
    expect(feed.status().reconciled).toMatchObject({ differing: ['Payments'] });
    expect(source.began.load).toHaveLength(2);
    await clock.advance(6 * HOUR_MS);
    expect(feed.status().reconciled).toMatchObject({ differing: [] });
  }, 120_000);

  test('takes what moved meanwhile for no difference, and is given up where that never ends', async () => {
    let moving = 1;
    await using running = await comparable(async (running) => {
      if (moving > 0) running.source.put(payment('a', 50 + (moving % 7)));
      moving--;
      return trueSums(running);
    });
    const { feed, clock, source } = running;
    running.source.put(payment('b', 9));
    const first = feed.compare();
    await clock.advance(1_000);
    expect(await first).toMatchObject({ differing: [] });

    moving = 1_000;
    const second = feed.compare();
    await clock.advance(1_000);
    expect(await second).toBeNull();
    expect(source.began.load).toHaveLength(1);
  });

  test('is refused where the source cannot be asked', async () => {
    await using running = await comparable(() => Promise.reject(new SourceError('no permission to compare')));
    const { feed, clock, source } = running;
    const outcome = feed.compare().then(
      () => null,
      (error: unknown) => error,
    );
    await clock.advance(1_000);
    expect(await outcome).toEqual(new SourceError('no permission to compare'));
    // It is followed all the same, in the same session.
    expect(feed.status()).toMatchObject({ activity: 'following', failing: null });
    expect(source.began.open).toHaveLength(2);
  });

  test('is none where the source cannot tell cheaply', async () => {
    await using running = await startFeed();
    const compared = running.feed.compare();
    await running.clock.advance(1_000);
    expect(await compared).toBeNull();
  });
});
