import { encode } from '@msgpack/msgpack';
import { SEPARATOR, withLength } from '../signalr-wire.ts';

/**
 * What Python's `signalrcore` 1.x sends (github.com/mandrewcito/signalrcore), as `json.dumps` writes it: with a blank
 * behind every comma and colon. It never asks for a version of the negotiation, so that its handshake has version 0.
 */
export const HANDSHAKE = `{"protocol": "json", "version": 0}${SEPARATOR}`;
export const PING = `{"type": 6}${SEPARATOR}`;

export function invocation(id: string, target: string): string {
  return `{"type": 1, "headers": {}, "target": "${target}", "arguments": [], "invocationId": "${id}"}${SEPARATOR}`;
}

export function streamInvocation(id: string, target: string): string {
  return `{"type": 4, "headers": {}, "target": "${target}", "arguments": [], "invocationId": "${id}", "streamIds": []}${SEPARATOR}`;
}

/** The same in MessagePack. An invocation is one field short: it has no `streamIds`. */
export const PACKED_HANDSHAKE = `{"protocol": "messagepack", "version": 0}${SEPARATOR}`;
export const PACKED_PING = withLength(encode([6]));

export function packedInvocation(id: string, target: string): Uint8Array {
  return withLength(encode([1, {}, id, target, []]));
}

export function packedStreamInvocation(id: string, target: string): Uint8Array {
  return withLength(encode([4, {}, id, target, [], []]));
}
