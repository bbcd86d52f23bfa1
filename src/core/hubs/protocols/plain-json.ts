import { isoInstant } from '../../figures/calendar.ts';
import { isRecord, parseJson } from '../../runtime/json.ts';
import type { ClientMessage, FrameError, ServerMessage } from '../messages.ts';

/** One JSON object a text frame (contract, section 5); null for a message without a frame. */
export function encodePlainJson(message: ServerMessage): string | null {
  switch (message.kind) {
    case 'connected':
      return JSON.stringify({ type: 'Connected', hub: message.hub, clientId: message.clientId });
    case 'snapshot':
      return encodeSnapshot(message);
    case 'status': {
      const { hub, status, since, reason } = message;
      return JSON.stringify({ type: 'Status', hub, status, since: since === null ? null : isoInstant(since), reason });
    }
    case 'notification': {
      const { id, hub, severity, title, message: text, at, data } = message.notification;
      return JSON.stringify({ type: 'Notification', hub, id, severity, title, message: text, at, data });
    }
    case 'notification-history':
      return null;
    case 'pong':
      return JSON.stringify({ type: 'Pong', timestamp: message.timestamp });
    case 'error':
      return JSON.stringify({ type: 'Error', code: message.code, message: message.message });
    case 'update-processed':
      return JSON.stringify({ type: 'UpdateProcessed', hub: message.hub, ...message.outcome });
    case 'subscription-confirmed':
      return JSON.stringify({ type: 'SubscriptionConfirmed', hub: message.hub, topic: message.topic });
  }
}

/** The content is inserted as the JSON text that exists already. */
function encodeSnapshot({ hub, snapshot, reason }: Extract<ServerMessage, { kind: 'snapshot' }>): string {
  const head = JSON.stringify({
    type: 'Snapshot',
    hub,
    seq: snapshot.seq,
    at: isoInstant(snapshot.generatedAt),
    reason,
    status: snapshot.freshness.status,
  });
  const { unavailable, problems, data } = snapshot.encoded;
  return `${head.slice(0, -1)},"unavailable":${unavailable},"problems":${problems},"data":${data}}`;
}

/** Reads a frame of a client. */
export function decodePlainJson(frame: string | Uint8Array): ClientMessage | FrameError {
  if (typeof frame !== 'string') return refused('binary-frame', 'Send JSON in text frames');
  const parsed = parseJson(frame);
  if (parsed === undefined) return refused('bad-json', whyNotJson(frame));
  if (!isRecord(parsed)) return refused('invalid-frame', 'Send one JSON object a frame, with a member "type"');
  switch (parsed.type) {
    case 'Ping':
      return isTimestamp(parsed.timestamp)
        ? { kind: 'ping', timestamp: parsed.timestamp ?? null }
        : refused('invalid-frame', 'The timestamp of a Ping is a number or text');
    case 'Invoke':
    case 'Subscribe':
      return typeof parsed.method === 'string'
        ? { kind: 'invoke', method: parsed.method }
        : refused(
            'invalid-frame',
            `A frame of type ${parsed.type} needs a member "method" with a name${memberHint(parsed, 'method')}`,
          );
    default:
      return refused('unknown-type', `Unknown type${typeHint(parsed)}; the types are Invoke, Subscribe and Ping`);
  }
}

/** Ends every record of the SignalR protocol. */
const RECORD_SEPARATOR = '\u001e';

function whyNotJson(frame: string): string {
  if (!frame.endsWith(RECORD_SEPARATOR)) return 'The frame is not JSON; send one JSON object a frame';
  return 'The frame ends in 0x1E, as records of SignalR do; leave it out here, or connect with ?protocol=signalr';
}

const TYPES = ['Invoke', 'Subscribe', 'Ping'];

/** Names are exact here, so a client that writes one in another letter case gets a hint. */
function typeHint(frame: Readonly<Record<string, unknown>>): string {
  const { type } = frame;
  if (type === undefined) return memberHint(frame, 'type');
  const meant = typeof type === 'string' ? TYPES.find((name) => equalIgnoringCase(name, type)) : undefined;
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}

function memberHint(frame: Readonly<Record<string, unknown>>, name: string): string {
  const written = Object.keys(frame).find((key) => key !== name && equalIgnoringCase(key, name));
  return written === undefined ? '' : ` ("${name}", not "${written}")`;
}

function equalIgnoringCase(left: string, right: string): boolean {
  return left.length === right.length && left.toLowerCase() === right.toLowerCase();
}

function refused(code: FrameError['code'], message: string): FrameError {
  return { kind: 'refused', code, message };
}

/** A timestamp is echoed, so it must be small and flat. */
function isTimestamp(value: unknown): value is number | string | null | undefined {
  return value === undefined || value === null || typeof value === 'string' || Number.isFinite(value);
}
