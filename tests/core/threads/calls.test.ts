import { afterEach, describe, expect, test } from 'bun:test';
import {
  MissingFromSourceError,
  NotConfiguredError,
  QueryRefusedError,
  SourceError,
  SourceTimeoutError,
} from '../../../src/core/runtime/source-errors.ts';
import { type Calls, connectCalls } from '../../../src/core/threads/calls.ts';
import type { AnsweringHandlers, ErrorKind } from './answering-worker.ts';

const opened: Calls<AnsweringHandlers>[] = [];
afterEach(() => {
  for (const calls of opened.splice(0)) calls.terminate();
});

async function connect(how = 'serves') {
  const worker = new Worker(new URL('./answering-worker.ts', import.meta.url), { argv: [how] });
  const events: unknown[] = [];
  const losses: SourceError[] = [];
  const lost = Promise.withResolvers<SourceError>();
  const calls = await connectCalls<AnsweringHandlers>(worker, {
    name: 'The test',
    onEvent: (event) => events.push(event),
    onLost(error) {
      losses.push(error);
      lost.resolve(error);
    },
  });
  opened.push(calls);
  return { ...calls, worker, events, losses, lost: lost.promise };
}

const outcomeOf = (promise: Promise<unknown>) =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

describe('a call', () => {
  test('is answered with what the handler returns, each its own, whatever their order', async () => {
    const { call } = await connect();
    const value = { texts: ['ä', ''], nothing: null, at: new Date(0), big: 2n ** 70n };
    const answers = await Promise.all([call('later', 'slow', 20), call('echo', value), call('echo', undefined)]);
    expect(answers).toEqual(['slow', value, undefined]);
  });

  test.each<[ErrorKind, new (...args: never[]) => Error, string]>([
    ['source', SourceError, 'gone'],
    [
      'missing',
      MissingFromSourceError,
      'The source has no column Claims.Status, table Plans, and this feature needs it',
    ],
    ['timeout', SourceTimeoutError, 'silent'],
    ['refused', QueryRefusedError, 'not allowed'],
    ['unconfigured', NotConfiguredError, 'set DB_SERVER'],
  ])('that fails as a source does (%s) keeps the kind', async (kind, type, message) => {
    const { call } = await connect();
    const { error } = { error: null, ...(await outcomeOf(call('fail', kind))) };
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({
      message,
      ...(kind === 'missing' ? { missing: ['column Claims.Status', 'table Plans'] } : {}),
    });
  });

  test.each<[ErrorKind, string, string]>([
    ['type', 'TypeError', 'x is undefined'],
    ['range', 'RangeError', 'too far'],
  ])('that fails by a bug (%s) says which and where, and is no failure of a source', async (kind, name, message) => {
    const { call } = await connect();
    const { error } = { error: null, ...(await outcomeOf(call('fail', kind))) };
    expect(error).not.toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ name, message, stack: expect.stringContaining('answering-worker.ts') });
  });

  test('that throws no error, returns what cannot be cloned or names no method is an error, and others go on', async () => {
    const { call } = await connect();
    // A method that the types do not allow.
    const unknown: string = 'nowhere';
    const calls = [
      call('fail', 'text'),
      call('uncloneable'),
      Reflect.apply(call, undefined, [unknown]),
      call('echo', () => {}),
    ];
    const failures = (await Promise.allSettled(calls)).map((each) => (each.status === 'rejected' ? each.reason : null));
    expect(failures.map(String)).toEqual([
      'Error: just text',
      expect.stringContaining('DataCloneError'),
      'TypeError: The Worker has no method nowhere',
      expect.stringContaining('DataCloneError'),
    ]);
    expect(await call('echo', 1)).toBe(1);
  });

  test('may be accompanied by events, in their order', async () => {
    const { call, events } = await connect();
    await Promise.all(['a', 'b'].map((text) => call('report', text)));
    expect(events).toEqual(['a', 'b']);
  });
});

describe('a Worker that cannot start', () => {
  test('refuses with the reason', async () => {
    await expect(connect('refuses')).rejects.toThrow(new SourceError('The folder is not there'));
  });

  test.each(['throws', 'exits'])('%s: that is reported without internal details', async (how) => {
    const { error } = { error: null, ...(await outcomeOf(connect(how))) };
    expect(error).toBeInstanceOf(SourceError);
    expect(String(error)).toBe('SourceError: The test stopped');
  });
});

describe('a Worker that is lost', () => {
  test.each(['crash', 'rejectUnheard', 'exit'] as const)(
    'by %s: every call fails, at once and later, and it is reported once',
    async (how) => {
      const { call, losses, lost } = await connect();
      const pending = [call('never'), call('later', 1, 60_000)].map(outcomeOf);
      call(how).catch(() => {});
      const error = await lost;
      expect(String(error)).toBe('SourceError: The test stopped');
      for (const outcome of await Promise.all(pending)) expect(outcome).toEqual({ error });
      await expect(call('echo', 1)).rejects.toBe(error);
      await Bun.sleep(20);
      expect(losses).toEqual([error]);
      if (how !== 'exit') expect(String(error.cause)).toContain('a secret of the Worker');
    },
  );

  test('from outside is lost as well', async () => {
    const { call, worker, lost } = await connect();
    const pending = outcomeOf(call('never'));
    worker.terminate();
    expect(await pending).toEqual({ error: await lost });
  });

  test('because it was closed is not: its calls are refused', async () => {
    const { call, terminate, losses } = await connect();
    const pending = outcomeOf(call('never'));
    terminate();
    expect(await pending).toEqual({ error: new SourceError('The test was closed') });
    await expect(call('echo', 1)).rejects.toThrow('The test was closed');
    await Bun.sleep(20);
    expect(losses).toEqual([]);
  });
});
