import { HELLO, RS, record } from '../wire.ts';
import { invocation, saying, type WebSocketScript } from './script.ts';

/** The first record of a connection, in every way that a client may get right or wrong. */
export const HANDSHAKES: readonly WebSocketScript[] = [
  saying('version 1', [HELLO]),
  saying('version 2 without stateful reconnect', [record({ protocol: 'json', version: 2 })]),
  saying('version 3', [record({ protocol: 'json', version: 3 })]),
  saying('version 0', [record({ protocol: 'json', version: 0 })]),
  saying('version -1', [record({ protocol: 'json', version: -1 })]),
  saying('version 1.5', [record({ protocol: 'json', version: 1.5 })], {
    why: 'the words alone',
    ours: [`{"error":"The server does not support version 1.5 of the 'json' protocol."}`],
    theirs: ['{"error":"…"}'],
  }),
  saying('a version that is text', [record({ protocol: 'json', version: '1' })]),
  saying('no version', [record({ protocol: 'json' })]),
  saying('no protocol', [record({ version: 1 })]),
  saying('a protocol that is a number', [record({ protocol: 1, version: 1 })]),
  saying('a protocol that does not exist', [record({ protocol: 'xml', version: 1 })]),
  saying('JSON in capitals', [record({ protocol: 'JSON', version: 1 })]),
  saying('members that nobody knows', [record({ protocol: 'json', version: 1, more: { a: [1] } })]),
  saying('an empty object', [record({})]),
  saying('no object', [record([1])]),
  saying('no JSON', [`hello${RS}`]),
  saying('an empty record', [RS]),
  saying('a ping instead', [record({ type: 6 })]),
  saying('an invocation instead', [invocation('1', 'GetInitialData')]),
  saying('in three frames', [HELLO.slice(0, 5), HELLO.slice(5, 20), HELLO.slice(20)]),
  saying('in a binary frame', [Buffer.from(HELLO)]),
  saying('with an invocation in the same frame', [HELLO + invocation('1', 'GetInitialData')]),
  saying('with half an invocation in the same frame', [
    HELLO + invocation('1', 'GetInitialData').slice(0, 20),
    invocation('1', 'GetInitialData').slice(20),
  ]),
];
