import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Channel, Frame } from '../../../src/core/hubs/channel.ts';
import { Connection } from '../../../src/core/hubs/connection.ts';
import { plainDialect } from '../../../src/core/hubs/plain/dialect.ts';
import { signalrDialects } from '../../../src/core/hubs/signalr/dialect.ts';
import type { Topic } from '../../../src/core/hubs/topic.ts';
import { recordsIn, SEPARATOR } from '../../support/signalr-wire.ts';

/** What a frame tells a client of a hub. */
export interface Item {
  readonly kind: 'snapshot' | 'notification' | 'status';
  readonly hub: string;
  /** `seq` of a snapshot, id of a notification, instant since which a feature fails, -1 where it does not. */
  readonly number: number;
  readonly reason: string;
}

export type Kind = 'plain socket' | 'SignalR socket' | 'polling';

/**
 * A transport whose client takes frames when the test says so. A socket is reached by Bun's topics. A polling client is
 * not: it takes all that waits at once, and calls back while the server sends.
 */
export class SimulatedClient implements Channel {
  readonly transport = 'webSockets';
  readonly keepsItselfAlive = false;
  readonly topics = new Set<string>();
  readonly membership;
  readonly connection: Connection;
  readonly kind: Kind;
  readonly sent: Item[] = [];
  reading: boolean;
  #unsent: Frame[] = [];
  #polls = false;

  constructor(kind: Kind, topics: readonly Topic[], reading: boolean) {
    const { topics: joined } = this;
    this.kind = kind;
    this.reading = reading;
    this.membership =
      kind === 'polling'
        ? null
        : { join: (topic: string) => void joined.add(topic), leave: (topic: string) => void joined.delete(topic) };
    const dialect = kind === 'plain socket' ? plainDialect : signalrDialects.json;
    const onUnread = () => {
      throw new Error('No answer waits for this client');
    };
    this.connection = new Connection({ id: kind, hub: 'all', topics, dialect, channel: this, onUnread });
    this.connection.catchUp();
    this.readOn();
  }

  get unsent(): readonly Item[] {
    return this.#unsent.flatMap(itemsIn);
  }

  get received(): readonly Item[] {
    return this.sent.slice(0, this.sent.length - this.unsent.length);
  }

  unsentBytes(): number {
    return this.#unsent.reduce((bytes, { data }) => bytes + data.length, 0);
  }

  send(frame: Frame): void {
    this.sent.push(...itemsIn(frame));
    if (this.kind !== 'polling') {
      if (!this.reading || this.#unsent.length > 0) this.#unsent.push(frame);
      return;
    }
    this.#unsent.push(frame);
    if (this.#polls) this.#answerPoll();
  }

  /** A frame of one of Bun's topics. It would pile up without bound behind one that waits. */
  publish(frame: Frame): void {
    if (this.#unsent.length > 0) throw new Error('Published to a client for which something waits');
    this.send(frame);
  }

  /** The client takes one frame, or answers of polls. */
  takeSome(): void {
    if (this.kind === 'polling') this.#poll();
    else if (this.#unsent.shift() !== undefined) this.connection.drained();
  }

  /** The client takes everything, if it reads. */
  readOn(): void {
    while (this.reading && this.#unsent.length > 0) this.takeSome();
    if (this.reading && this.kind === 'polling') this.#poll();
  }

  ping(): void {}
  close(): void {}
  terminate(): void {}

  #poll(): void {
    this.#polls = true;
    if (this.#unsent.length > 0) this.#answerPoll();
  }

  #answerPoll(): void {
    this.#polls = false;
    this.#unsent = [];
    this.connection.drained();
  }
}

const text = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const Content = Type.Object({
  hub: Type.String(),
  seq: Type.Optional(Type.Integer()),
  id: Type.Optional(Type.Integer()),
  since: text,
  reason: text,
  type: text,
});
const PlainFrame = Type.Intersect([Content, Type.Object({ type: Type.String() })]);
const Event = Type.Object({
  target: Type.String(),
  arguments: Type.Tuple([Type.Union([Content, Type.Array(Content)])]),
});

function itemsIn({ data }: Frame): Item[] {
  const isPlain = typeof data === 'string' && !data.endsWith(SEPARATOR);
  return (isPlain ? [JSON.parse(data)] : recordsIn(data)).flatMap((frame: unknown) => {
    if (Value.Check(PlainFrame, frame)) return itemsOf(frame.type, frame);
    if (!Value.Check(Event, frame)) throw new TypeError(`An unexpected frame: ${JSON.stringify(frame)}`);
    return frame.arguments.flat().flatMap((content) => itemsOf(frame.target, content));
  });
}

function itemsOf(type: string, content: Static<typeof Content>): Item[] {
  const { hub, seq = -1, id = -1, since = null, reason } = content;
  const number = since === null ? -1 : Date.parse(since);
  if (type === 'Snapshot') return [{ kind: 'snapshot', hub, number: seq, reason: reason ?? '' }];
  if (type === 'Figure') return [{ kind: 'snapshot', hub, number: seq, reason: content.type ?? '' }];
  if (type === 'Status') return [{ kind: 'status', hub, number, reason: reason ?? '' }];
  // The other `InitialData` is the data of a snapshot, whose event follows.
  const isNotification = type === 'Notification' || (type === 'InitialData' && id >= 0);
  return isNotification ? [{ kind: 'notification', hub, number: id, reason: '' }] : [];
}
