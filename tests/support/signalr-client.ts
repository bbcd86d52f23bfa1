import {
  HttpTransportType,
  type HubConnection,
  HubConnectionBuilder,
  type HubConnectionState,
  type IHttpConnectionOptions,
  type IRetryPolicy,
  JsonHubProtocol,
  NullLogger,
} from '@microsoft/signalr';
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack';
import { features } from '../../src/features/index.ts';
import { createArrivals } from './arrivals.ts';

/** A combination of transport and protocol that a client can choose. */
export interface Way {
  readonly transport: 'WebSockets' | 'ServerSentEvents' | 'LongPolling';
  readonly skipNegotiation: boolean;
  readonly protocol: 'json' | 'messagepack';
}

/** All combinations. Server-Sent Events carry only text, and only WebSockets need no negotiation. */
const WAYS: readonly Way[] = [
  { transport: 'WebSockets', skipNegotiation: true, protocol: 'json' },
  { transport: 'WebSockets', skipNegotiation: true, protocol: 'messagepack' },
  { transport: 'WebSockets', skipNegotiation: false, protocol: 'json' },
  { transport: 'WebSockets', skipNegotiation: false, protocol: 'messagepack' },
  { transport: 'ServerSentEvents', skipNegotiation: false, protocol: 'json' },
  { transport: 'LongPolling', skipNegotiation: false, protocol: 'json' },
  { transport: 'LongPolling', skipNegotiation: false, protocol: 'messagepack' },
];

/** Rows for `describe.each`. */
export const NAMED_WAYS: readonly (readonly [name: string, way: Way])[] = WAYS.map((way) => [nameOf(way), way]);

function nameOf({ transport, skipNegotiation, protocol }: Way): string {
  return `${transport}${skipNegotiation ? ' without negotiation' : ''}, ${protocol}`;
}

export interface SignalRClientOptions extends Partial<Way> {
  readonly accessToken?: () => string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Delays before reconnect attempts, ms; without it there are none. */
  readonly reconnectAfterMs?: number[] | IRetryPolicy;
  readonly stateful?: boolean;
  /** Additional targets to listen to. */
  readonly targets?: readonly string[];
}

/** The official client with the events it received. */
export interface SignalRClient {
  readonly connection: HubConnection;
  readonly state: HubConnectionState;
  /** Every event so far, oldest first. */
  readonly events: readonly SignalREvent[];
  /** The error that ended it; undefined if it closed normally. Never rejects. */
  readonly closed: Promise<Error | undefined>;
  /**
   * The argument of the earliest matching event of a target that was not taken yet.
   *
   * @throws Error when none comes in time
   */
  next(target: string, fits?: (argument: unknown) => boolean): Promise<unknown>;
  /** Resolves at the next `reconnected`. */
  reconnected(): Promise<void>;
  /** Invokes a method as the front end does: with one empty object. */
  invoke(method: string): Promise<unknown>;
}

export interface SignalREvent {
  readonly target: string;
  readonly argument: unknown;
}

/** Longer than anything here takes: only a test that fails waits so long. */
const PATIENCE_MS = 45_000;

const TARGETS = [
  ...features.flatMap(({ hub }) => hub.events.map(({ target }) => target)),
  'InitialData',
  'UpdateProcessed',
  'SubscriptionConfirmed',
  'Status',
];

/** A client that has not started but has its events registered, as in the front end. */
export function createSignalRClient(url: string, hub: string, options: SignalRClientOptions = {}): SignalRClient {
  const connection = build(`${url}/hubs/${hub}`, options);
  const arrivals = createArrivals<SignalREvent>(PATIENCE_MS, (event) => event);
  for (const target of [...TARGETS, ...(options.targets ?? [])]) {
    connection.on(target, (argument: unknown) => {
      arrivals.add({ target, argument });
    });
  }
  const closed = new Promise<Error | undefined>((resolve) => connection.onclose(resolve));

  return {
    connection,
    get state() {
      return connection.state;
    },
    events: arrivals.all,
    closed,
    next: async (target, fits = () => true) =>
      (await arrivals.take((event) => event.target === target && fits(event.argument))).argument,
    reconnected: () => new Promise((resolve) => connection.onreconnected(() => resolve())),
    invoke: (method) => connection.invoke(method, {}),
  };
}

/** Connects the official client. @throws Error when it is refused */
export async function connectSignalR(url: string, hub: string, options?: SignalRClientOptions): Promise<SignalRClient> {
  const client = createSignalRClient(url, hub, options);
  await client.connection.start();
  return client;
}

/**
 * The message of a rejection. `expect(…).rejects` does not work here: it runs the event loop inside the callback, which breaks
 * Bun's WebSocket.
 *
 * @throws Error when it is not
 */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  const refusal = await attempt.then(
    () => undefined,
    (error: unknown) => String(error instanceof Error ? error.message : error),
  );
  if (refusal === undefined) throw new Error('It was not refused');
  return refusal;
}

function build(address: string, options: SignalRClientOptions): HubConnection {
  const { transport = 'WebSockets', skipNegotiation = false, protocol = 'json' } = options;
  const http: IHttpConnectionOptions = {
    transport: HttpTransportType[transport],
    skipNegotiation,
    ...(options.headers === undefined ? {} : { headers: { ...options.headers } }),
    ...(options.accessToken === undefined ? {} : { accessTokenFactory: options.accessToken }),
  };
  const builder = new HubConnectionBuilder()
    .withUrl(address, http)
    .withHubProtocol(protocol === 'json' ? new JsonHubProtocol() : new MessagePackHubProtocol())
    .configureLogging(NullLogger.instance);
  if (options.stateful === true) builder.withStatefulReconnect();
  if (Array.isArray(options.reconnectAfterMs)) builder.withAutomaticReconnect(options.reconnectAfterMs);
  else if (options.reconnectAfterMs !== undefined) builder.withAutomaticReconnect(options.reconnectAfterMs);
  return builder.build();
}
