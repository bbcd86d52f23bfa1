import { beforeEach, describe, expect, test } from 'bun:test';
import { createClient, ProblemError, UnreachableError } from '../../src/client/index.ts';
import { type ScriptedEnvironment, scriptedEnvironment } from './scripted-environment.ts';

let environment: ScriptedEnvironment;

beforeEach(() => {
  environment = scriptedEnvironment();
});

const clientOf = (onError?: (error: unknown) => void) =>
  createClient({ baseUrl: 'http://bi.example', environment, ...(onError === undefined ? {} : { onError }) });
const snapshot = (hub: string, seq: number) => ({
  type: 'Snapshot',
  hub,
  seq,
  at: '',
  reason: 'Auto',
  status: 'live',
  data: {},
});

describe('a listener', () => {
  test('that throws disturbs neither the others nor the connection', async () => {
    const errors: unknown[] = [];
    const seen: number[] = [];
    const client = clientOf((error) => errors.push(error));
    client.on('snapshot', () => {
      throw new Error('a mistake of the page');
    });
    client.on('snapshot', ({ seq }) => seen.push(seq));
    client.connect();
    await environment.clock.settle();
    environment.lastSocket().opened();
    for (const seq of [1, 2]) environment.lastSocket().frame(snapshot('claims', seq));
    expect(seen).toEqual([1, 2]);
    expect(errors.map(String)).toEqual(['Error: a mistake of the page', 'Error: a mistake of the page']);
    expect(client.state.name).toBe('open');
  });

  test('that was removed hears nothing more, and one that was added twice only half', async () => {
    const seen: number[] = [];
    const client = clientOf();
    const listener = ({ seq }: { readonly seq: number }) => seen.push(seq);
    const remove = client.on('snapshot', listener);
    client.on('snapshot', listener);
    client.connect();
    await environment.clock.settle();
    environment.lastSocket().opened();
    environment.lastSocket().frame(snapshot('claims', 1));
    remove();
    remove();
    environment.lastSocket().frame(snapshot('claims', 2));
    expect(seen).toEqual([1, 1, 2]);
  });
});

describe('hubs that were not asked for', () => {
  test('are not heard, though they come over the same connection', async () => {
    const client = createClient({ baseUrl: 'http://bi.example', environment, hubs: ['claims', 'users'] });
    const seen: string[] = [];
    client.on('snapshot', ({ feature }) => seen.push(feature));
    client.on('status', ({ feature }) => seen.push(feature));
    client.on('notification', ({ id }) => seen.push(String(id)));
    client.connect();
    await environment.clock.settle();
    environment.lastSocket().opened();
    for (const hub of ['claims', 'financial', 'users']) {
      environment.lastSocket().frame(snapshot(hub, 1));
      environment.lastSocket().frame({ type: 'Status', hub, status: 'live', since: null, reason: null });
    }
    environment.lastSocket().frame({ type: 'Notification', hub: 'claims', id: 1 });
    await environment.clock.settle();
    expect(seen).toEqual(['claims', 'claims', 'users', 'users']);
    expect(environment.requests.map(({ url }) => url)).toEqual(['http://bi.example/api/about']);
  });
});

describe('what the server is', () => {
  test('is asked again with back-off while the connection holds, and not once it is closed', async () => {
    const client = clientOf();
    const versions: string[] = [];
    client.on('about', ({ version }) => versions.push(version));
    client.connect();
    await environment.clock.settle();
    environment.lastSocket().opened();
    await environment.clock.settle();
    expect(environment.requests).toHaveLength(1);
    await environment.clock.advance(500);
    expect(environment.requests).toHaveLength(2);
    environment.answerWith(() => Response.json({ version: '2.0.0' }));
    await environment.clock.advance(999);
    expect(versions).toEqual([]);
    await environment.clock.advance(1);
    expect(versions).toEqual(['2.0.0']);
    client.close();
    expect(environment.clock.waiting).toBe(0);
  });

  test('is asked at each connection, and told when it is known or has changed; another version by itself', async () => {
    let version = '1.0.0';
    environment.answerWith(() => Response.json({ name: 'Greg BI', version }));
    const client = clientOf();
    const told: unknown[] = [];
    client.on('about', (about) => told.push(about.version));
    client.on('version', (change) => told.push(change));
    const reconnect = async () => {
      client.close();
      client.connect();
      await environment.clock.settle();
      environment.lastSocket().opened();
      await environment.clock.settle();
    };
    expect(client.about).toBeUndefined();
    await reconnect();
    await reconnect();
    expect(told).toEqual(['1.0.0']);
    version = '1.1.0';
    await reconnect();
    expect(told).toEqual(['1.0.0', '1.1.0', { before: '1.0.0', now: '1.1.0' }]);
    expect(client.about?.version).toBe('1.1.0');
  });
});

describe('rest()', () => {
  const failure = (run: Promise<unknown>) =>
    run.then(
      () => undefined,
      (error: unknown) => error,
    );

  test('makes an error of a problem document', async () => {
    environment.answerWith(() =>
      Response.json(
        {
          type: 'urn:greg-bi:problem:invalid-request',
          title: 'Invalid request',
          status: 400,
          detail: 'limit: too much',
          errors: { limit: ['too much'] },
        },
        { status: 400, headers: { 'retry-after': '3' } },
      ),
    );
    const error = await failure(clientOf().rest('/api/users/list?limit=9999'));
    expect(error).toBeInstanceOf(ProblemError);
    expect(Object(error)).toMatchObject({
      status: 400,
      code: 'invalid-request',
      title: 'Invalid request',
      message: 'limit: too much',
      errors: { limit: ['too much'] },
      retryAfterSeconds: 3,
    });
  });

  test('makes one of whatever else refuses, such as a proxy', async () => {
    environment.answerWith(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    const error = await failure(clientOf().rest('/api/claims'));
    expect(error).toBeInstanceOf(ProblemError);
    expect(Object(error)).toMatchObject({ status: 502, code: 'unknown', errors: {}, retryAfterSeconds: undefined });
  });

  test.each([
    ['is not there', () => Promise.reject(new TypeError('fetch failed'))],
    ['answers what is no JSON', () => new Response('<h1>Login</h1>')],
  ])('says so of a server that %s', async (_, answer) => {
    environment.answerWith(answer);
    expect(await failure(clientOf().rest('/api/claims'))).toBeInstanceOf(UnreachableError);
  });
});

describe('a request that is aborted', () => {
  test('ends at once', async () => {
    const abort = new AbortController();
    const aborted = Promise.withResolvers<Response>();
    const untilAborted: ScriptedEnvironment['fetch'] = (_, { signal }) => {
      signal?.addEventListener('abort', () => aborted.reject(signal.reason));
      return aborted.promise;
    };
    const client = createClient({
      baseUrl: 'http://bi.example',
      environment: { ...environment, fetch: untilAborted },
    });
    const answer = client.rest('/api/about', abort.signal);
    await environment.clock.settle();
    abort.abort();
    await expect(answer).rejects.toThrow(UnreachableError);
  });
});

describe('forceUpdate()', () => {
  const update = () =>
    createClient({ baseUrl: 'http://bi.example', environment, token: () => 't' }).forceUpdate('claims');

  test('asks the hub of the feature over a connection of its own, and ends it with the answer', async () => {
    const outcome = update();
    await environment.clock.settle();
    const socket = environment.lastSocket();
    expect(socket.url.href).toBe('ws://bi.example/hubs/claims?protocol=json&access_token=t');
    socket.opened();
    expect(socket.sent.map((text) => JSON.parse(text))).toEqual([{ type: 'Invoke', method: 'ForceUpdate' }]);
    socket.frame(snapshot('claims', 1));
    socket.frame({ type: 'UpdateProcessed', hub: 'claims', status: 'error', message: 'The source fails' });
    expect(await outcome).toEqual({ status: 'error', message: 'The source fails' });
    expect(socket.isAbandoned).toBe(true);
    expect(environment.clock.waiting).toBe(0);
  });

  test.each([
    ['loses the connection', () => environment.lastSocket().closed(1006)],
    ['may make no socket', () => {}],
    ['gets no answer', () => environment.clock.advance(45_000)],
  ])('fails when it %s', async (name, happen) => {
    environment.refuseSockets(name === 'may make no socket');
    const outcome = update();
    const failed = outcome.catch((error: unknown) => error);
    await environment.clock.settle();
    await happen();
    expect(await failed).toBeInstanceOf(UnreachableError);
    expect(environment.sockets.every(({ isAbandoned }) => isAbandoned)).toBe(true);
    expect(environment.clock.waiting).toBe(0);
  });
});
