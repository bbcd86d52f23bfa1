import type { Negotiated } from '../negotiated.ts';
import { HELLO, record, type Wire } from '../wire.ts';
import { invocation, type NegotiatedScript } from './script.ts';

const STATEFUL = '&useStatefulReconnect=true';
const HELLO_2 = record({ protocol: 'json', version: 2 });
const ack = (sequenceId: number) => record({ type: 8, sequenceId });
const sequence = (sequenceId: number) => record({ type: 9, sequenceId });
const subscription = (id: string) => invocation(id, 'SubscribeToClaims');

export const WEB_SOCKETS: readonly NegotiatedScript[] = [
  {
    name: 'an id that nobody was given',
    say: async (talk) => void (await talk.open('nobody')),
  },
  {
    name: 'an id serves once',
    differs: {
      why: 'an id serves once, and is then unknown',
      ours: ['Error: HTTP/1.1 404 Not Found'],
      theirs: ['Error: HTTP/1.1 409 Conflict'],
    },
    async say(talk) {
      const id = await talk.negotiate();
      const wire = await talk.open(id);
      wire?.send(HELLO);
      await wire?.rest();
      await talk.open(id);
      await wire?.rest();
    },
  },
  {
    name: 'an id after its WebSocket has closed',
    async say(talk) {
      const id = await talk.negotiate();
      const wire = await talk.open(id);
      wire?.send(HELLO, record({ type: 7 }));
      await wire?.gone();
      await talk.open(id);
    },
  },
];

export const STATEFUL_RECONNECTS: readonly NegotiatedScript[] = [
  {
    name: 'what was received is acknowledged',
    async say(talk) {
      const wire = await begin(talk, await talk.negotiate(STATEFUL));
      wire.send(subscription('1') + subscription('2'), record({ type: 6 }));
      await wire.until('"invocationId":"2"');
      talk.second();
      await wire.until('"type":8');
    },
  },
  {
    name: 'nothing was acknowledged: everything comes again',
    async say(talk) {
      const id = await talk.negotiate(STATEFUL);
      const first = await begin(talk, id);
      first.send(subscription('1'));
      await first.until('"invocationId":"1"');
      first.destroy();
      const second = await talk.open(id);
      second?.send(sequence(2), subscription('2'));
      await second?.until('"invocationId":"2"');
    },
  },
  {
    name: 'some was acknowledged: the rest comes again',
    async say(talk) {
      const id = await talk.negotiate(STATEFUL);
      const first = await begin(talk, id);
      first.send(ack(2), subscription('1'));
      await first.until('"invocationId":"1"');
      first.destroy();
      const second = await talk.open(id);
      second?.send(sequence(2), subscription('2'));
      await second?.until('"invocationId":"2"');
    },
  },
  {
    name: 'all was acknowledged: nothing comes again',
    async say(talk) {
      const id = await talk.negotiate(STATEFUL);
      const first = await begin(talk, id);
      first.send(subscription('1'));
      await first.until('"invocationId":"1"');
      first.send(ack(4), subscription('2'));
      await first.until('"invocationId":"2"');
      first.send(ack(6), record({ type: 6 }), subscription('3'));
      await first.until('"invocationId":"3"');
      first.destroy();
      const second = await talk.open(id);
      second?.send(sequence(4), subscription('4'));
      await second?.until('"invocationId":"4"');
    },
  },
  {
    name: 'an invocation that comes again runs once',
    async say(talk) {
      const id = await talk.negotiate(STATEFUL);
      const first = await begin(talk, id);
      first.send(subscription('1'));
      await first.until('"invocationId":"1"');
      first.destroy();
      const second = await talk.open(id);
      second?.send(sequence(1), subscription('1'), subscription('2'));
      await second?.until('"invocationId":"2"');
    },
  },
  {
    name: 'a sequence beyond what was received',
    async say(talk) {
      const id = await talk.negotiate(STATEFUL);
      const first = await begin(talk, id);
      first.destroy();
      const second = await talk.open(id);
      second?.send(sequence(9), subscription('1'));
      await second?.until('"invocationId":"1"');
    },
  },
  {
    name: 'an acknowledgement beyond what was sent',
    async say(talk) {
      const wire = await begin(talk, await talk.negotiate(STATEFUL));
      wire.send(ack(99), subscription('1'));
      await wire.until('"invocationId":"1"');
    },
  },
  {
    name: 'a Close of the client ends it for good',
    async say(talk) {
      const id = await talk.negotiate(STATEFUL);
      const wire = await begin(talk, id);
      wire.send(record({ type: 7 }));
      await wire.gone();
      await talk.open(id);
    },
  },
  {
    name: 'asked for, then a handshake of version 1',
    async say(talk) {
      const id = await talk.negotiate(STATEFUL);
      const wire = await talk.open(id);
      wire?.send(HELLO, subscription('1'));
      await wire?.until('"invocationId":"1"');
    },
  },
];

/** Opens the first WebSocket and takes the events that a newcomer gets: the records 1 and 2. */
async function begin(talk: Negotiated, id: string): Promise<Wire> {
  const wire = await talk.open(id);
  if (wire === undefined) throw new Error('The first WebSocket was refused');
  wire.send(HELLO_2);
  await wire.until('SummaryUpdate');
  return wire;
}
