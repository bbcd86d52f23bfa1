import { randomBytes, randomUUID } from 'node:crypto';
import type { NegotiatedConnection } from './unused-tokens.ts';

/** The highest version of the negotiation (TransportProtocols.md, "Version 1"). */
const HIGHEST_VERSION = 1;

const AVAILABLE_TRANSPORTS = [
  { transport: 'WebSockets', transferFormats: ['Text', 'Binary'] },
  { transport: 'ServerSentEvents', transferFormats: ['Text'] },
  { transport: 'LongPolling', transferFormats: ['Text', 'Binary'] },
] as const;

export interface NegotiationRequest {
  readonly hub: string;
  /** `negotiateVersion` as written in the query. */
  readonly version: string | null;
  /** Whether the client asked for stateful reconnect. */
  readonly stateful: boolean;
}

/**
 * TransportProtocols.md, "`POST [endpoint-base]/negotiate` request".
 *
 * @returns the answer to a client that wants to connect, and the connection, unless the answer is an error
 */
export function negotiate({ hub, version, stateful }: NegotiationRequest): {
  readonly answer: Readonly<Record<string, unknown>>;
  readonly negotiated?: NegotiatedConnection;
} {
  const asked = version ?? '0';
  if (!/^\d{1,9}$/.test(asked)) {
    return { answer: { error: `The negotiateVersion '${asked.slice(0, 20)}' is not a whole number` } };
  }
  const negotiateVersion = Math.min(Number(asked), HIGHEST_VERSION);
  const connectionId = randomUUID();
  const token = negotiateVersion === 0 ? connectionId : randomBytes(24).toString('base64url');
  return {
    answer: {
      negotiateVersion,
      connectionId,
      ...(negotiateVersion === 0 ? {} : { connectionToken: token }),
      // Sent only where it was asked for: the client refuses an answer to what it did not ask.
      ...(stateful ? { useStatefulReconnect: true } : {}),
      availableTransports: AVAILABLE_TRANSPORTS,
    },
    negotiated: { connectionId, token, hub, stateful },
  };
}
