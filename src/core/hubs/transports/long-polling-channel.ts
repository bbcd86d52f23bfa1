import type { Cancel, Clock } from '../../runtime/clock.ts';
import type { Channel, ChannelEvents, Frame } from '../channel.ts';

/** A poll is answered empty after this long, ms. */
const POLL_MS = 90_000;
/** A client that does not poll for this long has disconnected, ms. */
const ABSENT_MS = 15_000;

/** Long polling (TransportProtocols.md, "Long Polling"): each answer carries everything since the last. */
export class LongPollingChannel implements Channel {
  readonly transport = 'longPolling';
  readonly keepsItselfAlive = true;
  readonly membership = null;
  readonly #events: ChannelEvents;
  readonly #clock: Clock;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #answer: ((response: Response) => void) | undefined;
  #cancelTimer: Cancel = () => {};
  #polledBefore = false;
  #ended = false;

  constructor(events: ChannelEvents, clock: Clock) {
    this.#events = events;
    this.#clock = clock;
  }

  /**
   * Answers one poll. A newer poll takes the place of one that is still open. After the end, one gets what was sent
   * before it, and the next 204.
   */
  poll(signal: AbortSignal): Promise<Response> {
    this.#reply(new Response(null, { status: 204 }));
    if (!this.#polledBefore) {
      // The client ignores the body of its first answer: it only confirms the connection.
      this.#polledBefore = true;
      this.#await();
      return Promise.resolve(emptyAnswer());
    }
    const { promise, resolve } = Promise.withResolvers<Response>();
    this.#cancelTimer();
    this.#answer = resolve;
    this.#cancelTimer = this.#clock.schedule(POLL_MS, () => this.#reply(emptyAnswer()));
    const abort = () => {
      if (this.#answer === resolve) this.#reply(emptyAnswer());
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else if (this.#gatheredBytes > 0) this.#flush();
    else if (this.#ended) this.#reply(new Response(null, { status: 204 }));
    return promise;
  }

  unsentBytes(): number {
    return this.#gatheredBytes;
  }

  send({ data }: Frame): void {
    if (this.#ended) return;
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    this.#gathered.push(bytes);
    this.#gatheredBytes += bytes.byteLength;
    this.#flush();
  }

  /** A poll that is answered is a sign of life, and one that does not come is none. */
  ping(): void {}

  close(): void {
    this.#end();
  }

  terminate(): void {
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#end();
  }

  #flush(): void {
    if (this.#answer === undefined) return;
    const body = Buffer.concat(this.#gathered);
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#reply(new Response(body, { headers: { 'content-type': 'application/octet-stream', ...NOT_STORED } }));
    this.#events.drained();
  }

  #reply(response: Response): void {
    if (this.#answer === undefined) return;
    const answer = this.#answer;
    this.#answer = undefined;
    this.#await();
    answer(response);
  }

  /** Waits for the next poll. */
  #await(): void {
    this.#cancelTimer();
    if (!this.#ended) this.#cancelTimer = this.#clock.schedule(ABSENT_MS, () => this.#end());
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reply(new Response(null, { status: 204 }));
    this.#cancelTimer();
    this.#events.closed();
  }
}

const NOT_STORED = { 'cache-control': 'no-cache, no-store' };

function emptyAnswer(): Response {
  return new Response(null, { status: 200, headers: NOT_STORED });
}
