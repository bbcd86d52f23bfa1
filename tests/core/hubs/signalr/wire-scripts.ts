import { HELLO, RS, record, type Wire } from './wire.ts';

/** What is said over a WebSocket that was opened without a negotiation. */
export interface WireScript {
  readonly name: string;
  say(wire: Wire): Promise<void> | void;
}

/** Says the frames, then asks one thing more, whose answer tells that everything before it was answered. */
function saying(name: string, ...frames: (string | Uint8Array)[]): WireScript {
  return {
    name,
    async say(wire) {
      wire.send(...frames);
      await wire.rest();
    },
  };
}

const hello = (request: Readonly<Record<string, unknown>>) => record(request);

/** The first record of a connection, in every way that a client may get right or wrong. */
export const HANDSHAKES: readonly WireScript[] = [
  saying('a handshake of version 1', HELLO),
  saying('a handshake of version 2 without stateful reconnect', hello({ protocol: 'json', version: 2 })),
  saying('a handshake of version 0', hello({ protocol: 'json', version: 0 })),
  saying('a handshake of version 3', hello({ protocol: 'json', version: 3 })),
  saying('a handshake of version -1', hello({ protocol: 'json', version: -1 })),
  saying('a handshake of version 1.5', hello({ protocol: 'json', version: 1.5 })),
  saying('a handshake whose version is text', hello({ protocol: 'json', version: '1' })),
  saying('a handshake without a version', hello({ protocol: 'json' })),
  saying('a handshake without a protocol', hello({ version: 1 })),
  saying('a handshake whose protocol is a number', hello({ protocol: 1, version: 1 })),
  saying('a handshake for a protocol that does not exist', hello({ protocol: 'xml', version: 1 })),
  saying('a handshake for JSON in capitals', hello({ protocol: 'JSON', version: 1 })),
  saying('a handshake with members that nobody knows', hello({ protocol: 'json', version: 1, more: { a: [1] } })),
  saying('a handshake of an empty object', hello({})),
  saying('a handshake that is no object', record([1])),
  saying('a handshake that is not JSON', `hello${RS}`),
  saying('an empty handshake', RS),
  saying('a ping instead of a handshake', record({ type: 6 })),
  saying('an invocation instead of a handshake', record({ type: 1, target: 'GetInitialData', arguments: [{}] })),
  saying('a handshake in three frames', HELLO.slice(0, 5), HELLO.slice(5, 20), HELLO.slice(20)),
  saying('a handshake in a binary frame', Buffer.from(HELLO)),
  saying('a handshake and an invocation in one frame', HELLO + invocation('1', 'GetInitialData')),
  saying(
    'half an invocation behind the handshake in its frame',
    HELLO + invocation('1', 'GetInitialData').slice(0, 20),
    invocation('1', 'GetInitialData').slice(20),
  ),
];

function invocation(invocationId: string | undefined, target: string, args: readonly unknown[] = [{}]): string {
  return record({ type: 1, invocationId, target, arguments: args });
}

function streamInvocation(invocationId: string, target = 'StreamSnapshots'): string {
  return record({ type: 4, invocationId, target, arguments: [{}] });
}

const cancel = (invocationId: string) => record({ type: 5, invocationId });

/** What a client asks for, and the answers. */
export const INVOCATIONS: readonly WireScript[] = [
  saying('GetInitialData', HELLO, invocation('1', 'GetInitialData')),
  saying('GetInitialData without an id', HELLO, invocation(undefined, 'GetInitialData')),
  saying('an id of null', HELLO, record({ type: 1, invocationId: null, target: 'GetInitialData', arguments: [{}] })),
  saying('an empty id', HELLO, invocation('', 'GetInitialData')),
  saying('ForceUpdate', HELLO, invocation('1', 'ForceUpdate')),
  saying('SubscribeToStatus', HELLO, invocation('1', 'SubscribeToStatus')),
  saying('another subscription', HELLO, invocation('1', 'SubscribeToClaims')),
  saying('a method in small letters', HELLO, invocation('1', 'getinitialdata')),
  saying('a method that does not exist', HELLO, invocation('1', 'NoSuchMethod')),
  saying('a method that does not exist, without an id', HELLO, invocation(undefined, 'NoSuchMethod')),
  saying('an empty method', HELLO, invocation('1', '')),
  saying('a method without arguments', HELLO, invocation('1', 'GetInitialData', [])),
  saying('a method with an argument too many', HELLO, invocation('1', 'GetInitialData', [{}, {}])),
  saying('members in another order', HELLO, `{"arguments":[{}],"target":"GetInitialData","invocationId":"1","type":1}${RS}`),
  saying('members in capitals', HELLO, `{"Type":1,"Target":"GetInitialData","InvocationId":"1","Arguments":[{}]}${RS}`),
  saying(
    'headers and members that nobody knows',
    HELLO,
    record({ type: 1, headers: { a: 'b' }, invocationId: '1', target: 'GetInitialData', arguments: [{}], more: [{}] }),
  ),
  saying('two of one id', HELLO, invocation('1', 'GetInitialData'), invocation('1', 'SubscribeToStatus')),
  saying(
    'several in one frame are answered in their order',
    HELLO,
    ['1', '2', '3'].map((id) => invocation(id, 'SubscribeToClaims')).join(''),
  ),
  saying('one in three frames', HELLO, ...threeParts(invocation('1', 'GetInitialData'))),
  saying('one in a binary frame', HELLO, Buffer.from(invocation('1', 'GetInitialData'))),
  saying('a ping is not answered', HELLO, record({ type: 6 })),
  saying('a stream as a method', HELLO, invocation('1', 'StreamSnapshots')),
  saying('a stream that does not exist', HELLO, streamInvocation('1', 'NoSuchStream')),
  saying('a method as a stream', HELLO, streamInvocation('1', 'GetInitialData')),
  saying('the end of a stream that does not exist', HELLO, cancel('nothing')),
  {
    name: 'a stream, until it is cancelled',
    async say(wire) {
      wire.send(HELLO, streamInvocation('s'));
      await wire.until('"type":2');
      wire.send(cancel('s'));
      await wire.until('"invocationId":"s"');
      await wire.rest();
    },
  },
  {
    name: 'a stream beside which methods are answered',
    async say(wire) {
      wire.send(HELLO, streamInvocation('s'));
      await wire.until('"type":2');
      wire.send(invocation('1', 'GetInitialData'));
      await wire.rest();
    },
  },
  {
    name: 'two streams of one id',
    async say(wire) {
      wire.send(HELLO, streamInvocation('s'));
      await wire.until('"type":2');
      wire.send(streamInvocation('s'));
      await wire.rest();
    },
  },
  {
    name: 'an id of a stream again, once that was cancelled',
    async say(wire) {
      for (const round of [HELLO, '']) {
        wire.send(round + streamInvocation('s'));
        await wire.until('"type":2');
        wire.send(cancel('s'));
        await wire.until('"type":3');
      }
      await wire.rest();
    },
  },
];

/** How a connection ends, and what is no reason to. */
export const ENDINGS: readonly WireScript[] = [
  saying('a Close of the client', HELLO, record({ type: 7 })),
  saying('a Close of the client with an error', HELLO, record({ type: 7, error: 'tired' })),
  saying('a record that is not JSON', HELLO, `{"type":1${RS}`),
  saying('a record that is no object', HELLO, record([1])),
  saying('an empty record', HELLO, RS),
  saying('a record without a type', HELLO, record({ target: 'GetInitialData' })),
  saying('a record whose type is text', HELLO, record({ type: '1', target: 'GetInitialData', arguments: [{}] })),
  saying('a record of a type that does not exist', HELLO, record({ type: 99 })),
  saying('an invocation without a target', HELLO, record({ type: 1, invocationId: '1', arguments: [{}] })),
  saying('an invocation whose target is a number', HELLO, record({ type: 1, invocationId: '1', target: 1, arguments: [{}] })),
  saying('an invocation whose id is a number', HELLO, record({ type: 1, invocationId: 1, target: 'X', arguments: [{}] })),
  saying('an invocation without arguments', HELLO, record({ type: 1, invocationId: '1', target: 'GetInitialData' })),
  saying('arguments that are no list', HELLO, record({ type: 1, invocationId: '1', target: 'GetInitialData', arguments: {} })),
  saying('a stream without an id', HELLO, record({ type: 4, target: 'StreamSnapshots', arguments: [{}] })),
  saying('a cancellation without an id', HELLO, record({ type: 5 })),
  saying('a completion of nothing', HELLO, record({ type: 3, invocationId: 'x', result: 1 })),
  saying('an item of no stream', HELLO, record({ type: 2, invocationId: 'x', item: 1 })),
  saying('an acknowledgement without stateful reconnect', HELLO, record({ type: 8, sequenceId: 1 })),
  saying('a sequence without stateful reconnect', HELLO, record({ type: 9, sequenceId: 1 })),
  saying('a record that is not UTF-8', HELLO, Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x1e])),
  saying('a record of 20 KB', HELLO, invocation('1', 'SubscribeToClaims', ['x'.repeat(20_000)])),
  saying('a record of 200 KB', HELLO, invocation('1', 'SubscribeToClaims', ['x'.repeat(200_000)])),
];

function threeParts(text: string): string[] {
  return [text.slice(0, 1), text.slice(1, 30), text.slice(30)];
}
