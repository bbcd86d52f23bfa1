import { expect, test } from 'bun:test';
import { handshake, json } from '../../../support/signalr-wire.ts';
import { FakeChannel, openLoneHub } from './lone-session.ts';

/** Collects garbage until nothing of this is left, or for a while. @returns how many are left */
async function left(references: readonly WeakRef<object>[]): Promise<number> {
  const alive = () => references.filter((reference) => reference.deref() !== undefined).length;
  for (let turns = 0; turns < 50 && alive() > 0; turns++) {
    // A reference that was looked at holds its object until the turn is over.
    await new Promise((resolve) => setImmediate(resolve));
    Bun.gc(true);
  }
  return alive();
}

test('frames that were sent keep no old snapshot alive', async () => {
  const hub = await openLoneHub();
  const [topic] = hub.topics;
  const references: WeakRef<object>[] = [];
  const show = async (figure: number) => {
    hub.scripts.claims.show(figure);
    await topic?.refresh();
  };
  /** Clients of every dialect are new, or ask for initial data, at a snapshot each. */
  const sendInSomeWay = async (protocol: 'json' | 'messagepack', asks: boolean) => {
    await show(references.length + 1);
    const session = hub.openSession(new FakeChannel());
    session.receive(protocol === 'json' ? handshake(protocol) : Buffer.from(handshake(protocol)));
    if (asks && protocol === 'json') session.receive(json({ type: 1, target: 'GetInitialData', arguments: [] }));
    await Promise.resolve();
    const item = topic?.newestItem()?.value;
    if (typeof item !== 'object' || item === null || !('data' in item)) throw new TypeError('There is no snapshot');
    if (typeof item.data === 'object' && item.data !== null) references.push(new WeakRef(item.data));
    session.terminate();
  };
  await sendInSomeWay('json', true);
  await sendInSomeWay('messagepack', false);
  await sendInSomeWay('json', false);
  expect(references.length).toBe(3);
  await show(99);
  expect(await left(references)).toBe(0);
  await hub.stop();
});
