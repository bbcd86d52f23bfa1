import type { Environment, Socket } from './environment.ts';
import { type Backoff, fullJitter } from './full-jitter.ts';
import { hubAddress } from './hub-address.ts';
import { Liveness } from './liveness.ts';
import type { ConnectionState, Refusal, StateDetails } from './state.ts';
import { isExpired, type TokenSource } from './token.ts';
import { whyRefused } from './why-refused.ts';

export interface ConnectionTimings {
  readonly backoff: Backoff;
  /** An attempt that is not open by then has failed, ms. */
  readonly openWithinMs: number;
  /** A connection that held so long starts the back-off anew when it is lost, ms. */
  readonly stableAfterMs: number;
  readonly pingAfterMs: number;
  readonly pongWithinMs: number;
  /** After a wake-up the server has so long to give a sign of life, ms. */
  readonly wakePongWithinMs: number;
  /** How often a refused client looks for a new token, ms. */
  readonly tokenCheckMs: number;
}

export const DEFAULT_TIMINGS: ConnectionTimings = {
  backoff: { baseMs: 1_000, limitMs: 30_000 },
  openWithinMs: 15_000,
  stableAfterMs: 10_000,
  pingAfterMs: 15_000,
  pongWithinMs: 20_000,
  wakePongWithinMs: 5_000,
  tokenCheckMs: 60_000,
};

export interface ConnectionOptions {
  /** `http://…`, without a path. */
  readonly origin: string;
  readonly hub: string;
  readonly token: TokenSource;
  readonly environment: Environment;
  readonly timings: ConnectionTimings;
  readonly onFrame: (data: unknown) => void;
  readonly onState: (state: ConnectionState) => void;
}

/** The token of a connection has expired (the server's close codes). */
const EXPIRED = 4001;

/** Undefined where a cookie counts, or none is needed. */
interface HeldToken {
  readonly token: string | undefined;
}

function isHeld(held: HeldToken | undefined, token: string | undefined): boolean {
  return held !== undefined && held.token === token;
}

/**
 * A WebSocket that reconnects: after a loss, after a pause of the program, with a new token. If the server refuses the token,
 * it waits for another.
 */
export class Connection {
  state: ConnectionState;
  readonly #options: ConnectionOptions;
  readonly #liveness: Liveness;
  #socket: Socket | undefined;
  #cancelTimer = () => {};
  #stopListening = () => {};
  /** Incremented by each step: callbacks of earlier steps are ignored. */
  #step = 0;
  /** Attempts since the connection was last stable. */
  #attempt = 0;
  #token: string | undefined;
  /** The token of the last connection that opened. */
  #accepted: HeldToken | undefined;
  /** That of the last connection that the server closed because it had expired. */
  #expired: HeldToken | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { environment, timings } = options;
    this.state = { name: 'closed', since: environment.now(), attempt: 0 };
    this.#liveness = new Liveness({
      environment,
      pingAfterMs: timings.pingAfterMs,
      pongWithinMs: timings.pongWithinMs,
      ping: () => this.#socket?.send(JSON.stringify({ type: 'Ping', timestamp: environment.now() })),
      onSilent: () => this.#wait(),
    });
  }

  /** Connects, unless it is connected already; does not wait for a later attempt, or for one with another token. */
  connect(): void {
    if (this.state.name === 'open') return;
    if (this.state.name === 'closed') this.#stopListening = this.#options.environment.onWake(() => this.#wake());
    if (this.state.name === 'connecting') this.#startWithOtherToken(false);
    else this.#startAnew();
  }

  close(): void {
    if (this.state.name === 'closed') return;
    this.#stopListening();
    this.#leave();
    this.#attempt = 0;
    this.#enter({ name: 'closed' });
  }

  /** Ends the current step with its socket and timers. @returns the number of the next step */
  #leave(): number {
    this.#cancelTimer();
    this.#liveness.stop();
    this.#socket?.abandon();
    this.#socket = undefined;
    return ++this.#step;
  }

  /** To be called last: a listener may close the connection, or have it try at once. */
  #enter(details: StateDetails): void {
    this.state = { ...details, since: this.#options.environment.now(), attempt: this.#attempt };
    this.#options.onState(this.state);
  }

  /** Starts without the back-off of earlier failures. */
  #startAnew(): void {
    this.#attempt = 0;
    this.#start();
  }

  #start(): void {
    const step = this.#leave();
    const { environment, timings } = this.#options;
    this.#attempt++;
    this.#cancelTimer = environment.schedule(timings.openWithinMs, () => this.#wait());
    this.#askForToken().then(
      (token) => {
        if (step === this.#step) this.#open(step, token);
      },
      () => {
        if (step === this.#step) this.#wait();
      },
    );
    this.#enter({ name: 'connecting' });
  }

  /** Rejects when the source throws. */
  async #askForToken(): Promise<string | undefined> {
    return this.#options.token();
  }

  #open(step: number, token: string | undefined): void {
    const { origin, hub, environment, onFrame } = this.#options;
    this.#token = token;
    const current = <Arguments extends unknown[]>(run: (...args: Arguments) => void) => {
      return (...args: Arguments) => {
        if (step === this.#step) run(...args);
      };
    };
    const events = {
      opened: current(() => this.#opened()),
      received: current((data: unknown) => {
        this.#liveness.heard();
        onFrame(data);
      }),
      closed: current((code: number) => this.#closed(code)),
    };
    try {
      this.#socket = environment.openSocket(hubAddress(origin, hub, token), events);
    } catch {
      // Browsers throw if a page over TLS names a server without.
      this.#wait();
    }
  }

  #opened(): void {
    const { environment, timings } = this.#options;
    this.#cancelTimer();
    this.#cancelTimer = environment.schedule(timings.stableAfterMs, () => {
      this.#attempt = 0;
    });
    this.#accepted = { token: this.#token };
    this.#liveness.start();
    this.#enter({ name: 'open' });
  }

  #closed(code: number): void {
    if (this.state.name === 'open') {
      if (code === EXPIRED) this.#expired = { token: this.#token };
      this.#wait();
      return;
    }
    const token = this.#token;
    const step = this.#leave();
    const { origin, hub, environment } = this.#options;
    const decide = (refusal: Refusal | undefined) => {
      if (step !== this.#step) return;
      if (refusal === undefined) this.#wait();
      else this.#refuse(refusal);
    };
    whyRefused({ origin, hub, token, environment }).then(decide, () => decide(undefined));
  }

  #wait(): void {
    this.#leave();
    const { environment, timings } = this.#options;
    const delayMs = fullJitter(Math.max(1, this.#attempt), environment.random(), timings.backoff);
    this.#cancelTimer = environment.schedule(delayMs, () => this.#start());
    this.#enter({ name: 'waiting', nextAttemptAt: environment.now() + delayMs });
  }

  #refuse({ code, words }: Refusal): void {
    this.#leave();
    this.#lookForToken(false);
    this.#enter({ name: 'refused', code: code === 401 ? this.#whyNotAuthenticated() : code, words });
  }

  #whyNotAuthenticated(): Refusal['code'] {
    if (isExpired(this.#token, this.#options.environment.now()) || isHeld(this.#expired, this.#token)) return 'expired';
    return isHeld(this.#accepted, this.#token) ? 'revoked' : 401;
  }

  /**
   * Tries again if the source has another token.
   *
   * @param isAwake whether the page has just woken up: its cookie, which a script cannot read, may have changed
   */
  #lookForToken(isAwake: boolean): void {
    const { environment, timings } = this.#options;
    this.#cancelTimer();
    this.#cancelTimer = environment.schedule(timings.tokenCheckMs, () => this.#lookForToken(false));
    this.#startWithOtherToken(isAwake);
  }

  #startWithOtherToken(isAwake: boolean): void {
    const step = this.#step;
    this.#askForToken().then(
      (token) => {
        const mayDiffer = token !== this.#token || (isAwake && token === undefined);
        const isOpen = this.state.name === 'open';
        if (step === this.#step && mayDiffer && !isOpen) this.#startAnew();
      },
      () => {},
    );
  }

  #wake(): void {
    switch (this.state.name) {
      case 'open':
        this.#liveness.check(this.#options.timings.wakePongWithinMs);
        return;
      case 'waiting':
        this.#start();
        return;
      case 'refused':
        this.#lookForToken(true);
        return;
    }
  }
}
