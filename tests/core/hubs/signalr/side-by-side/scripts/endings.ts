import type { Difference } from '../transcript.ts';
import { HELLO, RS, record } from '../wire.ts';
import { CLOSED, invocation, REST, saying, type WebSocketScript } from './script.ts';

const UNREAD_ARGUMENTS: Difference = {
  why: 'our methods ignore their arguments, so these are not read',
  ours: [
    '{"type":1,"target":"SubscriptionConfirmed","arguments":[{"topic":"Claims"}]}',
    '{"type":3,"invocationId":"1"}',
    ...REST,
  ],
  theirs: ['{"type":7,"error":"Connection closed with an error. …"}', CLOSED],
};

const subscribe = { type: 1, invocationId: '1', target: 'SubscribeToClaims' };

/** How a connection ends, and what is no reason to. */
export const ENDINGS: readonly WebSocketScript[] = [
  saying('a Close of the client', [HELLO, record({ type: 7 })]),
  saying('a Close of the client with an error', [HELLO, record({ type: 7, error: 'tired' })]),
  saying('a record that is not JSON', [HELLO, `{"type":1${RS}`]),
  saying('a record that is no object', [HELLO, record([1])]),
  saying('an empty record', [HELLO, RS]),
  saying('a record that is not UTF-8', [HELLO, Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x1e])]),
  saying('a record without a type', [HELLO, record({ target: 'GetInitialData' })]),
  saying('a record whose type is text', [HELLO, record({ ...subscribe, type: '1', arguments: [{}] })]),
  saying('a record of a type that does not exist', [HELLO, record({ type: 99 })], {
    why: 'ignored, as HubProtocol.md has it; ASP.NET Core 10 never reads what comes behind it',
    ours: REST,
    theirs: ['silence'],
  }),
  saying('no target', [HELLO, record({ type: 1, invocationId: '1', arguments: [{}] })]),
  saying('a target that is a number', [HELLO, record({ ...subscribe, target: 1, arguments: [{}] })]),
  saying('an id that is a number', [HELLO, record({ ...subscribe, invocationId: 1, arguments: [{}] })]),
  saying('no arguments at all', [HELLO, record(subscribe)], UNREAD_ARGUMENTS),
  saying('arguments that are no list', [HELLO, record({ ...subscribe, arguments: {} })], UNREAD_ARGUMENTS),
  saying('a stream without an id', [HELLO, record({ type: 4, target: 'StreamSnapshots', arguments: [{}] })]),
  saying('a cancellation without an id', [HELLO, record({ type: 5 })]),
  saying('a completion of nothing', [HELLO, record({ type: 3, invocationId: 'x', result: 1 })]),
  saying('an item of no stream', [HELLO, record({ type: 2, invocationId: 'x', item: 1 })]),
  saying('an acknowledgement without stateful reconnect', [HELLO, record({ type: 8, sequenceId: 1 })]),
  saying('a sequence without stateful reconnect', [HELLO, record({ type: 9, sequenceId: 1 })]),
  saying('a record of 20 KB', [HELLO, invocation('1', 'SubscribeToClaims', ['x'.repeat(20_000)])]),
  saying('a record of 200 KB', [HELLO, invocation('1', 'SubscribeToClaims', ['x'.repeat(200_000)])]),
];
