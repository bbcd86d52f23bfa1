import { beforeEach, describe, expect, test } from 'bun:test';
import { Broadcast } from '../../../src/core/hubs/broadcast.ts';
import { type Channel, type Frame, uncounted } from '../../../src/core/hubs/channel.ts';
import { Connection } from '../../../src/core/hubs/connection.ts';
import { NotificationTopic } from '../../../src/core/hubs/notification-topic.ts';
import { plainDialect } from '../../../src/core/hubs/plain/dialect.ts';
import type { Topic } from '../../../src/core/hubs/topic.ts';
import { createJournal } from '../../../src/core/notifications/journal.ts';
import { keptNotifications } from '../../support/kept-notifications.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const DAY_MS = 86_400_000;

/** A channel whose client reads when the test says so. */
function scriptedChannel() {
  const sent: string[] = [];
  const state = { unsent: 0 };
  const channel: Channel = {
    transport: 'webSockets',
    keepsItselfAlive: true,
    membership: null,
    unsentBytes: () => state.unsent,
    send: ({ data }: Frame) => void sent.push(String(data)),
    ping() {},
    close() {},
    terminate() {},
  };
  return { channel, sent, state };
}

let client: ReturnType<typeof scriptedChannel>;

function connect(topic: Topic): Connection {
  const { channel } = client;
  return new Connection({ id: '1', hub: topic.name, topics: [topic], dialect: plainDialect, channel, onUnread() {} });
}

beforeEach(() => {
  client = scriptedChannel();
});

describe('a slow client of notifications', () => {
  test('is up to date once it reads again, even if all that it missed have grown too old', async () => {
    const clock = createVirtualClock();
    const errors: unknown[] = [];
    const journal = createJournal({
      store: keptNotifications().open(),
      clock,
      onError: (error) => errors.push(error),
    });
    const topic = new NotificationTopic({ journal, clock, server: () => undefined });
    const note = async (keys: readonly string[]) => {
      const occurrences = keys.map((key) => ({ key, severity: 'info', title: key, message: '', data: {} }) as const);
      journal.note({ hub: 'claims', rule: 'rule', memory: keys.join(), occurrences });
      await clock.settle();
    };
    const connection = connect(topic);
    connection.catchUp();
    client.state.unsent = 1;
    await note(['missed']);
    expect(connection.behind).toBe(true);

    await clock.advance(31 * DAY_MS);
    await note([]);
    expect(journal.after(0, 10)).toEqual([]);
    client.state.unsent = 0;
    connection.drained();
    expect(connection.behind).toBe(false);
    expect(client.sent).toEqual([]);

    await note(['next']);
    expect(client.sent).toEqual([expect.stringContaining('"title":"next"')]);
    expect(errors).toEqual([]);
  });
});

describe('a frame that cannot be encoded', () => {
  const failure = new RangeError('a bug');

  /** A topic that fails to read its first publication. */
  function failingTopic(): Topic & { readonly content: Broadcast } {
    const content: Broadcast = new Broadcast(
      'claims',
      (place) => {
        place.position = content.position;
        place.initial = null;
        if (content.position === 1) throw failure;
        return [uncounted(`frame ${content.position}`)];
      },
      () => undefined,
    );
    const status = { kind: 'status', hub: 'claims', status: 'live', since: null, reason: null } as const;
    return {
      ...{ name: 'claims', content, statuses: null, lastEmissionAt: null, seq: null },
      ...{ newestItem: () => null, status: () => status, refresh: async () => ({ status: 'ok' }) as const, close() {} },
    };
  }

  test('is an error of the publication, and the next one reaches every client', () => {
    const topic = failingTopic();
    const connections = [connect(topic), connect(topic)];
    for (const connection of connections) connection.catchUp();
    client.sent.length = 0;
    expect(() => topic.content.publish(1)).toThrow(failure);
    topic.content.publish(2);
    expect(client.sent).toEqual(['frame 2', 'frame 2']);
  });
});
