import { Problem } from '../../problems.ts';
import type { Cancel, Clock } from '../../runtime/clock.ts';

/** A connection that was negotiated and waits for its transport. */
export interface NegotiatedConnection {
  readonly connectionId: string;
  /** What the client names in `?id=`. Unguessable: the connection belongs to the client that sends it. */
  readonly token: string;
  readonly hub: string;
  readonly stateful: boolean;
}

/** An unused token expires after this long, ms. */
const UNUSED_TOKEN_MS = 15_000;
/** Unused tokens of one caller. Beyond it the caller's oldest is dropped, so that a flood takes nothing from others. */
const MOST_OF_ONE_CALLER = 1_000;
/** Unused tokens of all callers. Beyond it the oldest token of the caller with the most is dropped. */
const MOST_OF_ALL = 10_000;
/** What is kept of a client that sends before it opens a transport: a handshake and some invocations, bytes. */
const LARGEST_EARLY_BYTES = 16 * 1024;

interface Entry {
  readonly negotiated: NegotiatedConnection;
  readonly caller: string;
  readonly cancel: Cancel;
  /** What the client has sent before it opened a transport. */
  readonly early: Uint8Array[];
  earlyBytes: number;
}

/**
 * Tokens of connections that were negotiated and wait for their transport.
 *
 * No caller is refused: where callers share an address, as behind a proxy, each still gets a token, which is valid until
 * a thousand newer ones were given out.
 */
export class UnusedTokens {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  /** Tokens by caller, oldest first. */
  readonly #byCaller = new Map<string, Set<string>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(negotiated: NegotiatedConnection, caller: string): void {
    const { token } = negotiated;
    if ((this.#byCaller.get(caller)?.size ?? 0) >= MOST_OF_ONE_CALLER) this.#dropOldestOf(caller);
    else if (this.#entries.size >= MOST_OF_ALL) this.#dropOldestOf(this.#callerWithMost());
    const cancel = this.#clock.schedule(UNUSED_TOKEN_MS, () => this.#drop(token));
    this.#entries.set(token, { negotiated, caller, cancel, early: [], earlyBytes: 0 });
    this.#byCaller.set(caller, (this.#byCaller.get(caller) ?? new Set()).add(token));
  }

  has(hub: string, token: string): boolean {
    return this.#entries.get(token)?.negotiated.hub === hub;
  }

  /**
   * Keeps what a client sends before it opens its transport.
   *
   * @returns false for a token that is not known
   * @throws Problem `body-too-large` when it is more than is kept
   */
  keepEarly(hub: string, token: string, piece: Uint8Array): boolean {
    const entry = this.#entries.get(token);
    if (entry === undefined || entry.negotiated.hub !== hub) return false;
    if (entry.earlyBytes + piece.byteLength > LARGEST_EARLY_BYTES) {
      throw new Problem('body-too-large', `Before the first poll at most ${LARGEST_EARLY_BYTES} bytes are kept; poll`);
    }
    entry.early.push(piece);
    entry.earlyBytes += piece.byteLength;
    return true;
  }

  /** Takes a token out: it serves once, and only on the hub it was given for. */
  take(hub: string, token: string): (NegotiatedConnection & { readonly early: readonly Uint8Array[] }) | undefined {
    const entry = this.#entries.get(token);
    if (entry === undefined || entry.negotiated.hub !== hub) return undefined;
    this.#drop(token);
    return { ...entry.negotiated, early: entry.early };
  }

  clear(): void {
    for (const token of [...this.#entries.keys()]) this.#drop(token);
  }

  #drop(token: string): void {
    const entry = this.#entries.get(token);
    if (entry === undefined) return;
    entry.cancel();
    this.#entries.delete(token);
    const ofCaller = this.#byCaller.get(entry.caller);
    ofCaller?.delete(token);
    if (ofCaller?.size === 0) this.#byCaller.delete(entry.caller);
  }

  #dropOldestOf(caller: string): void {
    for (const token of this.#byCaller.get(caller) ?? []) {
      this.#drop(token);
      return;
    }
  }

  #callerWithMost(): string {
    let most = { caller: '', size: 0 };
    for (const [caller, { size }] of this.#byCaller) if (size > most.size) most = { caller, size };
    return most.caller;
  }
}
