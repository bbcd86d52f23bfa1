import { setTimeout } from 'node:timers/promises';
import {
  MissingFromSourceError,
  NotConfiguredError,
  QueryRefusedError,
  SourceError,
  SourceTimeoutError,
} from '../../../src/core/runtime/source-errors.ts';
import { refuseCalls, serveCalls, type WorkerPort } from '../../../src/core/threads/calls.ts';

/** A Worker that answers in every way there is. Its last argument says how it starts. */
declare const self: WorkerPort;

const errors = {
  source: () => new SourceError('gone'),
  missing: () => new MissingFromSourceError(['column Claims.Status', 'table Plans']),
  timeout: () => new SourceTimeoutError('silent'),
  refused: () => new QueryRefusedError('not allowed'),
  unconfigured: () => new NotConfiguredError('set DB_SERVER'),
  type: () => new TypeError('x is undefined'),
  range: () => new RangeError('too far'),
  text: () => 'just text',
};
export type ErrorKind = keyof typeof errors;

const handlers = {
  echo: (value: unknown) => value,
  later: async (value: unknown, milliseconds: number) => {
    await setTimeout(milliseconds);
    return value;
  },
  fail(kind: ErrorKind): never {
    throw errors[kind]();
  },
  uncloneable: () => () => {},
  never: () => new Promise<never>(() => {}),
  crash(): void {
    queueMicrotask(() => {
      throw new TypeError('a secret of the Worker');
    });
  },
  rejectUnheard(): void {
    void Promise.reject(new TypeError('a secret of the Worker'));
  },
  exit: () => process.exit(3),
  report: (text: string) => report(text),
};
export type AnsweringHandlers = typeof handlers;

const how = process.argv.at(-1);
if (how === 'throws') throw new TypeError('a secret of the start');
if (how === 'exits') process.exit(1);
let report: (event: unknown) => void = () => {};
if (how === 'refuses') refuseCalls(self, new SourceError('The folder is not there'));
else report = serveCalls(self, handlers);
