import type { Difference } from '../transcript.ts';
import { HELLO, RS, record } from '../wire.ts';
import { CLOSED, cancellation, invocation, REST, saying, streamInvocation, type WebSocketScript } from './script.ts';

const IGNORED_ARGUMENTS = [
  '{"type":1,"target":"InitialData","arguments":[{"summary":‹summary›}]}',
  '{"type":1,"target":"UpdateSummary","arguments":[‹summary›]}',
  '{"type":1,"target":"SummaryUpdate","arguments":[{"summary":‹summary›,"type":"Initial"}]}',
  '{"type":3,"invocationId":"1"}',
];

/** The hub of ASP.NET Core has methods of one parameter; ours have any number. */
const countedArguments = (count: number): Difference => ({
  why: 'our methods ignore their arguments, however many there are',
  ours: IGNORED_ARGUMENTS,
  theirs: [
    `{"type":3,"invocationId":"1","error":"Failed to invoke 'GetInitialData' due to an error on the server. InvalidDataException: Invocation provides ${count} argument(s) but target expects 1."}`,
  ],
});

/** What a client asks for, and the answers. */
export const INVOCATIONS: readonly WebSocketScript[] = [
  saying('GetInitialData', [HELLO, invocation('1', 'GetInitialData')]),
  saying('GetInitialData without an id', [HELLO, invocation(undefined, 'GetInitialData')]),
  saying('an id of null', [HELLO, record({ type: 1, invocationId: null, target: 'GetInitialData', arguments: [{}] })], {
    why: 'as good as none with us; official clients never send it',
    ours: [...IGNORED_ARGUMENTS.slice(0, 3), ...REST],
    theirs: ['{"type":7,"error":"Connection closed with an error. …"}', CLOSED],
  }),
  saying('an empty id', [HELLO, invocation('', 'GetInitialData')]),
  saying('ForceUpdate', [HELLO, invocation('1', 'ForceUpdate')]),
  saying('SubscribeToStatus', [HELLO, invocation('1', 'SubscribeToStatus')]),
  saying('another subscription', [HELLO, invocation('1', 'SubscribeToClaims')]),
  saying('a method in small letters', [HELLO, invocation('1', 'getinitialdata')]),
  saying('a method that does not exist', [HELLO, invocation('1', 'NoSuchMethod')]),
  saying('a method that does not exist, without an id', [HELLO, invocation(undefined, 'NoSuchMethod')]),
  saying('an empty method', [HELLO, invocation('1', '')]),
  saying('no arguments', [HELLO, invocation('1', 'GetInitialData', [])], countedArguments(0)),
  saying('an argument too many', [HELLO, invocation('1', 'GetInitialData', [{}, {}])], countedArguments(2)),
  saying('members in another order', [
    HELLO,
    `{"arguments":[{}],"target":"GetInitialData","invocationId":"1","type":1}${RS}`,
  ]),
  saying('members in capitals', [
    HELLO,
    `{"Type":1,"Target":"GetInitialData","InvocationId":"1","Arguments":[{}]}${RS}`,
  ]),
  saying('headers, and members that nobody knows', [
    HELLO,
    record({ type: 1, headers: { a: 'b' }, invocationId: '1', target: 'GetInitialData', arguments: [{}], more: [{}] }),
  ]),
  saying('two of one id', [HELLO, invocation('1', 'GetInitialData'), invocation('1', 'SubscribeToStatus')]),
  saying('several in one frame are answered in their order', [
    HELLO,
    ['1', '2', '3'].map((id) => invocation(id, 'SubscribeToClaims')).join(''),
  ]),
  saying('one in three frames', [HELLO, ...threeParts(invocation('1', 'GetInitialData'))]),
  saying('one in a binary frame', [HELLO, Buffer.from(invocation('1', 'GetInitialData'))]),
  saying('a ping is not answered', [HELLO, record({ type: 6 })]),
  saying('a stream as a method', [HELLO, invocation('1', 'StreamSnapshots')]),
  saying('a stream that does not exist', [HELLO, streamInvocation('1', 'NoSuchStream')]),
  saying('a method as a stream', [HELLO, streamInvocation('1', 'GetInitialData')]),
  saying('the end of a stream that does not exist', [HELLO, cancellation('nothing')]),
  {
    name: 'a stream, until it is cancelled',
    async say(wire) {
      wire.send(HELLO, streamInvocation('s'));
      await wire.until('"type":2');
      wire.send(cancellation('s'));
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
      for (const before of [HELLO, '']) {
        wire.send(before + streamInvocation('s'));
        await wire.until('"type":2');
        wire.send(cancellation('s'));
        await wire.until('"type":3');
      }
      await wire.rest();
    },
  },
];

function threeParts(text: string): string[] {
  return [text.slice(0, 1), text.slice(1, 30), text.slice(30)];
}
