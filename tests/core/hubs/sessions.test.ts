import { expect, test } from 'bun:test';
import type { Identity } from '../../../src/core/access/identity.ts';
import type { Session } from '../../../src/core/hubs/session.ts';
import { Sessions } from '../../../src/core/hubs/sessions.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

test('a close that is over leaves no timer behind', async () => {
  const clock = createVirtualClock();
  const sessions = new Sessions(clock, clock);
  const identity: Identity = { subject: 'somebody', expiresAt: null };
  const session: Session = {
    connection: undefined,
    receive: () => {},
    drained: () => {},
    lost: () => {},
    keepAlive: () => {},
    close: () => queueMicrotask(() => sessions.remove(session)),
    terminate: () => {},
  };
  sessions.add(session, identity);
  const closed = sessions.close();
  await clock.settle();
  expect(clock.waiting).toBe(0);
  await closed;
});
