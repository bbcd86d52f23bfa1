import type { Moment } from '../../runtime/actor-state.ts';
import type { Cancel, Clock } from '../../runtime/clock.ts';
import { type Channel, uncounted } from '../channel.ts';
import { CLOSE, type Close } from '../close-codes.ts';
import type { Connection } from '../connection.ts';
import { Dispatcher } from '../dispatcher.ts';
import { RECORD_SEPARATOR, TextRecords } from '../protocols/signalr-json.ts';
import type { Session } from '../session.ts';
import { type SignalRDialect, signalrDialects } from './dialect.ts';
import {
  HANDSHAKE_ACCEPTED,
  HANDSHAKE_TIMEOUT_MS,
  HandshakeError,
  type HandshakeRequest,
  handshakeRefused,
  parseHandshake,
} from './handshake.ts';
import { InboundSequence } from './inbound-sequence.ts';
import { Invocations } from './invocations.ts';
import { type ClientRecord, MalformedRecordError, RECORD, type RecordDecoder, type ServerRecord } from './records.ts';
import { ReplayChannel } from './replay-channel.ts';

/** A ping leaves at least this often, ms. */
const PING_INTERVAL_MS = 15_000;
/** How long a client of stateful reconnect may be away, ms. */
const AWAY_MS = 30_000;
/** A received record is acknowledged this much later, with those that came meanwhile, ms. */
const ACKNOWLEDGE_AFTER_MS = 1_000;

export interface SignalRSessionOptions {
  readonly channel: Channel;
  /** Whether the client negotiated stateful reconnect. */
  readonly stateful: boolean;
  readonly clock: Clock;
  /** Makes the hub connection, once the handshake has told the dialect. */
  readonly open: (dialect: SignalRDialect, channel: Channel) => Connection;
  /** Told once, when it is over for good. */
  readonly onEnd: () => void;
  readonly onError: (error: unknown) => void;
}

/** What there is once the handshake is done. */
interface Open {
  readonly dialect: SignalRDialect;
  readonly connection: Connection;
  readonly invocations: Invocations;
  decoder: RecordDecoder;
}

/** One client that speaks the SignalR protocol, from its handshake to its end, over whatever transports carry it. */
export class SignalRSession implements Session {
  readonly #options: SignalRSessionOptions;
  readonly #replay: ReplayChannel | undefined;
  readonly #channel: Channel;
  readonly #inbound = new InboundSequence();
  #handshake: TextRecords | undefined = new TextRecords();
  #open: Open | undefined;
  #ended = false;
  #pingedAt: Moment = 0;
  #cancelTimer: Cancel;
  #cancelAcknowledgement: Cancel | undefined;

  constructor(options: SignalRSessionOptions) {
    const { channel, stateful, clock } = options;
    this.#options = options;
    this.#replay = stateful ? new ReplayChannel(channel, () => this.#fail('Too much is unacknowledged')) : undefined;
    this.#channel = this.#replay ?? channel;
    this.#cancelTimer = clock.schedule(HANDSHAKE_TIMEOUT_MS, () => this.#refuse('Handshake was canceled.'));
  }

  get connection(): Connection | undefined {
    return this.#open?.connection;
  }

  /** Bytes from the client, in whatever pieces they come. */
  receive(piece: string | Uint8Array): void {
    if (this.#ended) return;
    try {
      const rest = this.#handshake === undefined ? piece : this.#shakeHands(this.#handshake, piece);
      if (rest !== undefined && this.#open !== undefined) this.#read(this.#open, rest);
    } catch (error) {
      if (error instanceof HandshakeError) this.#refuse(error.message);
      else if (error instanceof MalformedRecordError) this.#fail(error.message);
      else throw error;
    }
  }

  drained(): void {
    this.#open?.connection.drained();
    this.#open?.invocations.catchUp();
  }

  /** The transport has gone. With stateful reconnect the client may come back for a while. */
  lost(channel?: Channel): void {
    if (this.#ended || (channel !== undefined && this.#replay?.carriedBy(channel) === false)) return;
    if (this.#replay === undefined || this.#open === undefined) {
      this.#end(CLOSE.normal);
      return;
    }
    this.#replay.detach();
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.schedule(AWAY_MS, () => this.#end(CLOSE.normal));
  }

  /** Whether the client may come back over another transport. */
  get resumable(): boolean {
    return this.#replay !== undefined && this.#open !== undefined && !this.#ended;
  }

  /** The client is back over another transport, which takes the place of one that is still there. */
  resume(channel: Channel): void {
    if (this.#replay === undefined || this.#open === undefined || this.#ended) {
      channel.terminate();
      return;
    }
    this.#cancelTimer();
    const { encoding } = this.#open.dialect;
    this.#open.decoder = encoding.createDecoder();
    this.#inbound.reconnected();
    this.#replay.attach(channel, (sequenceId) => uncounted(encoding.encode([{ type: RECORD.sequence, sequenceId }])));
    this.drained();
  }

  /** HubProtocol.md, "Ping": the client takes us for gone when it hears nothing for 30 s. */
  keepAlive(at: Moment): void {
    if (this.#open === undefined || at - this.#pingedAt < PING_INTERVAL_MS) return;
    this.#pingedAt = at;
    this.#channel.send(uncounted(this.#open.dialect.pingFrame));
  }

  /** Says why in a Close record, then ends. */
  close(close: Close): void {
    if (this.#ended) return;
    this.#sendClose(close.reason, close.reconnect);
    this.#end(close);
  }

  /** The client leaves of its own accord. */
  leave(): void {
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
    this.#cancelAcknowledgement?.();
    this.#open?.invocations.stop();
    this.#open?.connection.leave();
    // The Close record has said why; on the transport it is an end in good order.
    this.#channel.close({ ...CLOSE.normal, reason: close.reason });
    this.#options.onEnd();
  }

  /** @returns what came behind the handshake; undefined while the handshake has not all come */
  #shakeHands(handshake: TextRecords, piece: string | Uint8Array): string | Uint8Array | undefined {
    const end = typeof piece === 'string' ? -1 : piece.indexOf(SEPARATOR_BYTE);
    // Behind the handshake may come binary records, which are no text.
    const head = typeof piece === 'string' || end < 0 ? piece : piece.subarray(0, end + 1);
    const [request, ...rest] = handshake.push(head);
    if (request === undefined) return undefined;
    this.#handshake = undefined;
    this.#cancelTimer();
    this.#accept(parseHandshake(request));
    if (typeof piece !== 'string') return piece.subarray(end + 1);
    return [...rest, handshake.takeRest()].join(RECORD_SEPARATOR);
  }

  #accept({ protocol }: HandshakeRequest): void {
    const { open, onError } = this.#options;
    const dialect = signalrDialects[protocol];
    // In a frame of its own: a client that reconnects statefully miscounts where an event shares it.
    this.#channel.send(uncounted(protocol === 'json' ? HANDSHAKE_ACCEPTED : Buffer.from(HANDSHAKE_ACCEPTED)));
    const connection = open(dialect, this.#channel);
    const send = (record: ServerRecord) =>
      connection.sendFrame({ data: dialect.encoding.encode([record]), records: 1 });
    const invocations = new Invocations(connection, new Dispatcher(connection, onError), send);
    this.#open = { dialect, connection, decoder: dialect.encoding.createDecoder(), invocations };
    connection.catchUp();
  }

  #read(open: Open, piece: string | Uint8Array): void {
    if (piece.length === 0) return;
    for (const record of open.decoder.push(piece)) {
      if (record !== null && !this.#ended) this.#take(open, record);
    }
  }

  #take({ invocations }: Open, record: ClientRecord): void {
    switch (record.type) {
      case RECORD.ping:
        break;
      case RECORD.close:
        this.#end(CLOSE.normal);
        break;
      case RECORD.ack:
        this.#replay?.acknowledge(record.sequenceId);
        break;
      case RECORD.sequence:
        if (!this.#inbound.align(record.sequenceId)) this.#fail('Sequence ID greater than the records received');
        break;
      default:
        if (this.#replay === undefined || this.#count()) invocations.take(record);
    }
  }

  /** Counts a record for its acknowledgement. @returns whether it is new */
  #count(): boolean {
    this.#cancelAcknowledgement ??= this.#options.clock.schedule(ACKNOWLEDGE_AFTER_MS, () => {
      this.#cancelAcknowledgement = undefined;
      const record = { type: RECORD.ack, sequenceId: this.#inbound.latest } as const;
      if (this.#open !== undefined) this.#channel.send(uncounted(this.#open.dialect.encoding.encode([record])));
    });
    return this.#inbound.take();
  }

  #refuse(error: string): void {
    this.#channel.send(uncounted(handshakeRefused(error)));
    this.#end(CLOSE.normal);
  }

  #fail(error: string): void {
    this.#sendClose(error, false);
    this.#end(CLOSE.normal);
  }

  #sendClose(reason: string | undefined, allowReconnect: boolean): void {
    if (this.#open === undefined) return;
    const record = {
      type: RECORD.close,
      ...(reason === undefined ? {} : { error: `Connection closed with an error. ${reason}` }),
      ...(allowReconnect ? { allowReconnect } : {}),
    } as const;
    this.#channel.send(uncounted(this.#open.dialect.encoding.encode([record])));
  }
}

const SEPARATOR_BYTE = 0x1e;
