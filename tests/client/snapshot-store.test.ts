import { describe, expect, test } from 'bun:test';
import type { AnySnapshot } from '../../src/client/index.ts';
import { createClient } from '../../src/client/index.ts';
import { scriptedEnvironment } from './scripted-environment.ts';

const EARLIER = '2026-03-01T12:00:00.000Z';
const LATER = '2026-03-01T12:05:00.000Z';
const LATEST = '2026-03-01T12:06:00.000Z';

/** Each list is what one connection sends, as seq and instant. */
async function seqsOf(connections: readonly (readonly (readonly [number, string])[])[]): Promise<number[]> {
  const environment = scriptedEnvironment();
  const client = createClient({ baseUrl: 'http://bi.example', environment });
  const seen: number[] = [];
  client.on('snapshot', ({ seq }: AnySnapshot) => seen.push(seq));
  for (const frames of connections) {
    client.connect();
    await environment.clock.settle();
    const socket = environment.lastSocket();
    socket.opened();
    for (const [seq, at] of frames) {
      socket.frame({ type: 'Snapshot', hub: 'claims', seq, at, reason: 'Auto', status: 'live', data: {} });
    }
    socket.closed(1006);
  }
  client.close();
  return seen;
}

describe('a snapshot with a lower seq', () => {
  test('is refused within one connection, even if it is later', async () => {
    expect(
      await seqsOf([
        [
          [9, EARLIER],
          [3, LATER],
        ],
      ]),
    ).toEqual([9]);
  });

  test('is accepted as the first of another connection if it is later: the server lost its state', async () => {
    const connections = [
      [[9, EARLIER]],
      [
        [1, LATER],
        [2, LATEST],
        [1, LATEST],
      ],
    ] as const;
    expect(await seqsOf(connections)).toEqual([9, 1, 2]);
  });

  test('is refused over another connection if it is not later: that server lags behind', async () => {
    expect(
      await seqsOf([
        [[9, LATER]],
        [
          [8, EARLIER],
          [8, LATEST],
        ],
      ]),
    ).toEqual([9]);
  });
});
