import { randomBytes, randomUUID } from 'node:crypto';
import { Problem } from '../../problems.ts';
import type { Cancel, Clock } from '../../runtime/clock.ts';

/** A connection that was negotiated and waits for its transport. */
export interface NegotiatedConnection {
  readonly connectionId: string;
  /** What the client names in `?id=`. Unguessable: whoever has it is the connection. */
  readonly token: string;
  readonly hub: string;
  readonly stateful: boolean;
}

/** Unused, a token is worth nothing after this long, ms. */
const UNUSED_TOKEN_MS = 15_000;
/** More than this many unused tokens at once are a flood, not clients. */
const MOST_UNUSED = 10_000;
/** The highest version of the negotiation (TransportProtocols.md, "Version 1"). */
const HIGHEST_VERSION = 1;

const AVAILABLE_TRANSPORTS = [
  { transport: 'WebSockets', transferFormats: ['Text', 'Binary'] },
  { transport: 'ServerSentEvents', transferFormats: ['Text'] },
  { transport: 'LongPolling', transferFormats: ['Text', 'Binary'] },
] as const;

/** TransportProtocols.md, "`POST [endpoint-base]/negotiate` request". */
export class Negotiation {
  readonly #clock: Clock;
  readonly #unused = new Map<string, { readonly negotiated: NegotiatedConnection; readonly cancel: Cancel }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The answer to a client that wants to connect.
   *
   * @param version `negotiateVersion` as it stands in the query
   * @param stateful whether the client asked for stateful reconnect
   * @throws Problem `busy` when too many tokens are unused
   */
  negotiate(hub: string, version: string | null, stateful: boolean): Readonly<Record<string, unknown>> {
    const asked = version ?? '0';
    if (!/^\d{1,9}$/.test(asked)) {
      return { error: `The negotiateVersion '${asked.slice(0, 20)}' is not a whole number` };
    }
    if (this.#unused.size >= MOST_UNUSED) throw new Problem('busy', 'Too many connections are being negotiated');
    const negotiateVersion = Math.min(Number(asked), HIGHEST_VERSION);
    const connectionId = randomUUID();
    const token = negotiateVersion === 0 ? connectionId : randomBytes(24).toString('base64url');
    this.#remember({ connectionId, token, hub, stateful });
    return {
      negotiateVersion,
      connectionId,
      ...(negotiateVersion === 0 ? {} : { connectionToken: token }),
      // Sent only where it was asked for: the client refuses an answer to what it did not ask.
      ...(stateful ? { useStatefulReconnect: true } : {}),
      availableTransports: AVAILABLE_TRANSPORTS,
    };
  }

  /** Redeems a token: it serves once, and only on the hub it was given for. */
  redeem(hub: string, token: string): NegotiatedConnection | undefined {
    const entry = this.#unused.get(token);
    if (entry === undefined || entry.negotiated.hub !== hub) return undefined;
    entry.cancel();
    this.#unused.delete(token);
    return entry.negotiated;
  }

  /** Forgets every token. */
  close(): void {
    for (const { cancel } of this.#unused.values()) cancel();
    this.#unused.clear();
  }

  #remember(negotiated: NegotiatedConnection): void {
    const cancel = this.#clock.schedule(UNUSED_TOKEN_MS, () => this.#unused.delete(negotiated.token));
    this.#unused.set(negotiated.token, { negotiated, cancel });
  }
}
