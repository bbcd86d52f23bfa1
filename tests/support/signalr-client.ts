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

/** A transport and a protocol that go together, as a client chooses them. */
export interface Way {
  readonly transport: 'WebSockets' | 'ServerSentEvents' | 'LongPolling';
  readonly skipNegotiation: boolean;
  readonly protocol: 'json' | 'messagepack';
}

/** Every way there is. Server-Sent Events carry text only, and only WebSockets need no negotiation. */
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
  /** Waits before the attempts to connect again, ms; without, there are none. */
  readonly reconnectAfterMs?: number[] | IRetryPolicy;
  readonly stateful?: boolean;
  /** Targets to listen to besides those of the features. */
  readonly targets?: readonly string[];
}

/** The official client, and what it received. */
export interface SignalRClient {
  readonly connection: HubConnection;
  readonly state: HubConnectionState;
  /** Every event so far, oldest first. */
  readonly events: readonly SignalREvent[];
  /** How it ended; undefined for in good order. Never rejects. */
  readonly closed: Promise<Error | undefined>;
  /**
   * The argument of the earliest event of a target that fits and was not taken yet.
   *
   * @throws Error when none comes in time
   */
  next(target: string, fits?: (argument: unknown) => boolean): Promise<unknown>;
  /** Resolves at the next `reconnected`. */
  reconnected(): Promise<void>;
  /** The client invokes as the front end does: with one empty object. */
  invoke(method: string): Promise<unknown>;
}

export interface SignalREvent {
  readonly target: string;
  readonly argument: unknown;
}

const PATIENCE_MS = 5_000;

const TARGETS = [
  ...features.flatMap(({ hub }) => hub.events.map(({ target }) => target)),
  'InitialData',
  'UpdateProcessed',
  'SubscriptionConfirmed',
  'Status',
];

/** A client that has not started; its events are registered already, as the front end does it. */
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
 * The words with which something is refused. `expect(…).rejects` will not do: it runs the event loop inside the callback
 * that it was called in, which Bun's WebSocket does not survive.
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
