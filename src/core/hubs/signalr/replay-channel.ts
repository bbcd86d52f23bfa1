import type { Channel, Frame } from '../channel.ts';
import type { Close } from '../close-codes.ts';

/**
 * Beyond this many bytes that a client has not acknowledged, it is treated as one that does not read: it gets no more
 * snapshots until it acknowledges some, and then the newest.
 */
const MOST_UNACKNOWLEDGED_BYTES = 1024 * 1024;

interface Kept {
  /** Ids of its first and last record. */
  readonly first: number;
  readonly last: number;
  readonly frame: Frame;
  readonly bytes: number;
}

/**
 * A channel that outlives its transport (HubProtocol.md, "Stateful Reconnect"): what the client has not acknowledged is
 * kept and sent again over the next one. Frames are shared with every other client; only references are kept here.
 */
export class ReplayChannel implements Channel {
  readonly keepsItselfAlive = false;
  readonly membership = null;
  #current: Channel | undefined;
  #kept: Kept[] = [];
  #keptBytes = 0;
  #lastId = 0;

  constructor(first: Channel) {
    this.#current = first;
  }

  get transport() {
    return this.#current?.transport ?? 'webSockets';
  }

  /** Whether this transport is the current one. */
  carriedBy(channel: Channel): boolean {
    return this.#current === channel;
  }

  unsentBytes(): number {
    const held = this.heldBytes();
    return this.#keptBytes > MOST_UNACKNOWLEDGED_BYTES ? Math.max(held, this.#keptBytes) : held;
  }

  /** Unsent bytes of the transport, acknowledged or not. */
  heldBytes(): number {
    return this.#current?.unsentBytes() ?? 0;
  }

  send(frame: Frame): void {
    if (frame.records > 0) this.#keep(frame);
    this.#current?.send(frame);
  }

  /** The client has received every record up to an id. */
  acknowledge(id: number): void {
    while (this.#kept[0] !== undefined && this.#kept[0].last <= id) {
      this.#keptBytes -= this.#kept[0].bytes;
      this.#kept.shift();
    }
  }

  /** The transport has closed: frames are kept for the next one. */
  detach(): void {
    this.#current = undefined;
  }

  /**
   * Continues over another transport.
   *
   * @param sequence the Sequence record with a given id, the first to be sent over it
   */
  attach(next: Channel, sequence: (id: number) => Frame): void {
    const previous = this.#current;
    this.#current = next;
    previous?.terminate();
    next.send(sequence(this.#kept[0]?.first ?? this.#lastId + 1));
    for (const { frame } of this.#kept) next.send(frame);
  }

  ping(): void {
    this.#current?.ping();
  }

  close(close: Close): void {
    this.#current?.close(close);
  }

  terminate(): void {
    this.#current?.terminate();
  }

  #keep(frame: Frame): void {
    const first = this.#lastId + 1;
    this.#lastId += frame.records;
    const bytes = frame.data.length;
    this.#kept.push({ first, last: this.#lastId, frame, bytes });
    this.#keptBytes += bytes;
  }
}
