import type { Cancel, Clock, ElapsedMs } from '../../runtime/clock.ts';
import { type Channel, uncounted } from '../channel.ts';
import { CLOSE, type Close } from '../close-codes.ts';
import type { Connection } from '../connection.ts';
import { Dispatcher } from '../dispatcher.ts';
import type { Session } from '../session.ts';
import { type SignalRDialect, signalrDialects } from './dialect.ts';
import {
  HANDSHAKE_ACCEPTED,
  HANDSHAKE_TIMEOUT_MS,
  HandshakeError,
  HandshakeReader,
  type HandshakeRequest,
  handshakeRefused,
  refuseUnlessCarried,
} from './handshake.ts';
import { InboundSequence } from './inbound-sequence.ts';
import { Invocations } from './invocations.ts';
import { type ClientRecord, MalformedRecordError, RECORD, type RecordDecoder, type ServerRecord } from './records.ts';
import { ReplayChannel } from './replay-channel.ts';

/** A ping leaves at least this often, ms. */
const PING_INTERVAL_MS = 15_000;
/** How long a client of stateful reconnect may be away, ms. */
const AWAY_MS = 30_000;

export interface SignalRSessionOptions {
  readonly channel: Channel;
  /** Whether the client negotiated stateful reconnect. */
  readonly stateful: boolean;
  readonly clock: Clock;
  /** Makes the hub connection, after the handshake. */
  readonly open: (dialect: SignalRDialect, channel: Channel) => Connection;
  /** Called once, when the session has ended for good. */
  readonly onEnd: () => void;
  readonly onError: (error: unknown) => void;
}

/** The state after the handshake. */
interface Open {
  readonly dialect: SignalRDialect;
  readonly connection: Connection;
  readonly invocations: Invocations;
  decoder: RecordDecoder;
}

/** One client that speaks the SignalR protocol, from its handshake to its end, over any transports. */
export class SignalRSession implements Session {
  readonly #options: SignalRSessionOptions;
  readonly #replay: ReplayChannel | undefined;
  readonly #channel: Channel;
  readonly #inbound: InboundSequence;
  readonly #handshake = new HandshakeReader();
  #open: Open | undefined;
  #ended = false;
  #pingedAt: ElapsedMs = 0;
  #cancelTimer: Cancel;

  constructor(options: SignalRSessionOptions) {
    const { channel, stateful, clock } = options;
    this.#options = options;
    this.#replay = stateful ? new ReplayChannel(channel) : undefined;
    this.#channel = this.#replay ?? channel;
    this.#inbound = new InboundSequence(clock, (sequenceId) => this.#acknowledge(sequenceId));
    this.#cancelTimer = clock.schedule(HANDSHAKE_TIMEOUT_MS, () => this.#refuse('Handshake was canceled.'));
  }

  get connection(): Connection | undefined {
    return this.#open?.connection;
  }

  /** Whether the session has ended for good. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Bytes from the client, in pieces of any size. */
  receive(piece: string | Uint8Array): void {
    if (this.#ended) return;
    try {
      const handshake = this.#open === undefined ? this.#handshake.read(piece) : undefined;
      if (handshake !== undefined) this.#accept(handshake.request);
      // Records may come behind the handshake, in the same frame.
      if (this.#open !== undefined) this.#read(this.#open, handshake?.rest ?? piece);
    } catch (error) {
      if (error instanceof HandshakeError) this.#refuse(error.message);
      else if (error instanceof MalformedRecordError) this.#fail(error.message, CLOSE.normal);
      else throw error;
    }
  }

  drained(): void {
    this.#open?.connection.drained();
    this.#open?.invocations.catchUp();
  }

  /** The transport has closed. With stateful reconnect the client may come back within 30 s. */
  lost(channel?: Channel): void {
    if (this.#ended || (channel !== undefined && this.#replay?.carriedBy(channel) === false)) return;
    if (this.#replay === undefined || this.#open === undefined) {
      this.#end(CLOSE.normal);
      return;
    }
    this.#replay.detach();
    // Only the time away counts, not the silence before it.
    this.#open.connection.lastHeardAt = this.#options.clock.elapsed();
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.schedule(AWAY_MS, () => this.#end(CLOSE.normal));
  }

  /** Whether the client may come back over another transport. */
  get resumable(): boolean {
    return this.#replay !== undefined && this.#open !== undefined && !this.#ended;
  }

  /** Continues over another transport, which replaces one that is still open. */
  resume(channel: Channel): void {
    if (this.#replay === undefined || this.#open === undefined || this.#ended) {
      channel.terminate();
      return;
    }
    this.#cancelTimer();
    this.#open.connection.lastHeardAt = this.#options.clock.elapsed();
    const { encoding } = this.#open.dialect;
    this.#open.decoder = encoding.createDecoder();
    this.#inbound.reconnected();
    this.#replay.attach(channel, (sequenceId) => uncounted(encoding.encode([{ type: RECORD.sequence, sequenceId }])));
    this.drained();
  }

  /** HubProtocol.md, "Ping": the client disconnects after 30 s of silence. */
  keepAlive(at: ElapsedMs): void {
    if (this.#open === undefined || this.#ended || this.#channel.keepsItselfAlive) return;
    // Unsent bytes on their way to a slow client are a sign of life too.
    if (at - this.#pingedAt < PING_INTERVAL_MS || this.#isBusy) return;
    this.#pingedAt = at;
    this.#channel.send(uncounted(this.#open.dialect.pingFrame));
  }

  /** Sends the reason in a Close record, or as the answer to the handshake, then ends. */
  close(close: Close): void {
    if (this.#ended) return;
    if (this.#open === undefined) this.#refuse(close.reason);
    else this.#fail(close.reason, close);
  }

  /** The client ends the session. */
  leave(): void {
    if (this.#ended) return;
    this.#sendClose(undefined, false);
    this.#end(CLOSE.normal);
  }

  terminate(): void {
    this.#channel.terminate();
    this.#end(CLOSE.normal);
  }

  #end(close: Close): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelTimer();
    this.#inbound.stop();
    this.#open?.invocations.stop();
    this.#open?.connection.leave();
    // The Close record carries the reason; the transport closes normally.
    this.#channel.close({ ...CLOSE.normal, reason: close.reason });
    this.#options.onEnd();
  }

  #accept({ protocol }: HandshakeRequest): void {
    const { channel, clock, open, onError } = this.#options;
    this.#cancelTimer();
    const dialect = signalrDialects[protocol];
    refuseUnlessCarried(protocol, channel.transport);
    // In a frame of its own: a client that reconnects statefully miscounts where an event shares it.
    this.#channel.send(uncounted(protocol === 'json' ? HANDSHAKE_ACCEPTED : Buffer.from(HANDSHAKE_ACCEPTED)));
    const connection = open(dialect, this.#channel);
    this.#pingedAt = clock.elapsed();
    const encode = (record: ServerRecord) => ({ data: dialect.encoding.encode([record]), records: 1 });
    const invocations = new Invocations(connection, new Dispatcher(connection, onError), encode);
    this.#open = { dialect, connection, decoder: dialect.encoding.createDecoder(), invocations };
    connection.catchUp();
  }

  #read(open: Open, piece: string | Uint8Array): void {
    if (piece.length === 0) return;
    for (const record of open.decoder.push(piece)) {
      if (record !== null) this.#take(open, record);
      if (this.#ended) return;
    }
  }

  #take({ invocations }: Open, record: ClientRecord): void {
    switch (record.type) {
      case RECORD.ping:
        break;
      case RECORD.close:
        this.leave();
        break;
      case RECORD.ack:
        this.#replay?.acknowledge(record.sequenceId);
        // Unacknowledged bytes count as unsent.
        this.drained();
        break;
      case RECORD.sequence:
        if (this.#replay !== undefined && !this.#inbound.align(record.sequenceId)) {
          this.#fail('The sequenceId is beyond what has come', CLOSE.normal);
        }
        break;
      default:
        if (this.#replay === undefined || this.#inbound.take()) invocations.take(record);
    }
  }

  /** @returns false while bytes are unsent: a slow client gets the acknowledgement later */
  #acknowledge(sequenceId: number): boolean {
    if (this.#isBusy) return false;
    this.#sendRecord({ type: RECORD.ack, sequenceId });
    return true;
  }

  /** Whether the transport has unsent bytes. */
  get #isBusy(): boolean {
    return (this.#replay?.heldBytes() ?? this.#channel.unsentBytes()) > 0;
  }

  #refuse(error: string): void {
    this.#channel.send(uncounted(handshakeRefused(error)));
    this.#end(CLOSE.normal);
  }

  #fail(error: string, close: Close): void {
    this.#sendClose(error, close.reconnect);
    this.#end(close);
  }

  #sendClose(reason: string | undefined, allowReconnect: boolean): void {
    const error = reason === undefined ? {} : { error: `Connection closed with an error. ${reason}` };
    this.#sendRecord({ type: RECORD.close, ...error, ...(allowReconnect ? { allowReconnect } : {}) });
  }

  /** Sends a record that does not count for sequences. */
  #sendRecord(record: ServerRecord): void {
    if (this.#open !== undefined) this.#channel.send(uncounted(this.#open.dialect.encoding.encode([record])));
  }
}
