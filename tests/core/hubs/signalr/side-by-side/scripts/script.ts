import type { HttpWire } from '../http-wire.ts';
import type { Negotiated } from '../negotiated.ts';
import type { Difference } from '../transcript.ts';
import { record, type Wire } from '../wire.ts';

/** What is said to both servers, over whatever it takes. */
export interface Script<Over> {
  readonly name: string;
  readonly differs?: Difference;
  say(over: Over): Promise<void>;
}

/** Over a WebSocket that was opened without a negotiation. */
export type WebSocketScript = Script<Wire>;
/** Over requests to a hub. */
export type HttpScript = Script<HttpWire>;
/** Over a connection that was negotiated, and WebSockets that come and go. */
export type NegotiatedScript = Script<Negotiated>;

/** Says the frames, then asks one thing more, whose answer tells that everything before it was answered. */
export function saying(name: string, frames: readonly (string | Uint8Array)[], differs?: Difference): WebSocketScript {
  return {
    name,
    ...(differs === undefined ? {} : { differs }),
    async say(wire) {
      wire.send(...frames);
      await wire.rest();
    },
  };
}

/** Asks once. */
export function asking(
  name: string,
  [method, path, options]: Parameters<HttpWire['ask']>,
  differs?: Difference,
): HttpScript {
  return {
    name,
    ...(differs === undefined ? {} : { differs }),
    async say(wire) {
      await wire.ask(method, path, options);
    },
  };
}

/** An invocation as the front end makes it: with one empty object. */
export function invocation(invocationId: string | undefined, target: string, args: readonly unknown[] = [{}]): string {
  return record({ type: 1, invocationId, target, arguments: args });
}

export function streamInvocation(invocationId: string, target = 'StreamSnapshots'): string {
  return record({ type: 4, invocationId, target, arguments: [{}] });
}

export function cancellation(invocationId: string): string {
  return record({ type: 5, invocationId });
}

/** The answer to the one thing more, where the other server never reads it. */
export const REST = [
  '{"type":1,"target":"SubscriptionConfirmed","arguments":[{"topic":"Claims"}]}',
  '{"type":3,"invocationId":"rest"}',
];
export const CLOSED = 'closed 1000 ""';
