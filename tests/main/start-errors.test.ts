import { describe, expect, test } from 'bun:test';
import { ConfigError } from '../../src/config/config-error.ts';
import { QueryRefusedError, SourceError } from '../../src/core/runtime/source-errors.ts';
import { WorkerLostError } from '../../src/core/threads/calls.ts';
import { explainStart, StartError } from '../../src/start-errors.ts';

describe('of a start that failed a person reads', () => {
  test.each([
    [new ConfigError(['PORT: x']), 'The configuration is invalid:\nPORT: x'],
    [new StartError('Port 1 is taken'), 'Port 1 is taken'],
    [new SourceError('db is locked'), 'db is locked'],
    [new QueryRefusedError('refused'), 'refused'],
  ])('the words of %s', (error, words) => {
    expect(explainStart(error)).toBe(words);
  });

  test.each([
    new Error('of ours'),
    new TypeError('of ours'),
    new RangeError('of ours'),
    Object.assign(new Error('of ours'), { name: 'MongoError' }),
    new WorkerLostError('The demo stopped', { cause: new TypeError('of ours') }),
    'of ours',
  ])('the whole of what is no error of our own kinds: %s', (error) => {
    expect(explainStart(error)).toBeUndefined();
  });
});
