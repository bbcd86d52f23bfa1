import { expect, test } from 'bun:test';
import pino from 'pino';
import { RetryLaterError } from '../../src/core/outlets/outlet-errors.ts';
import { logOutlet } from '../../src/open-outlets.ts';
import { MINUTE_MS, type ScriptedOutlet, scriptedOutlet } from '../core/outlets/scripted-outlet.ts';

function logged({ actor }: ScriptedOutlet): string[] {
  const lines: string[] = [];
  logOutlet(pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line).msg) }), actor);
  return lines;
}

test('the log says once that an outlet is up to date, that it fails, and that it works again', async () => {
  const scripted = scriptedOutlet();
  const { clock, features, pass, actor } = scripted;
  const lines = logged(scripted);
  features.publish('claims', 1);
  await clock.settle();
  expect(actor.status()).toMatchObject({ waiting: 1, lastSuccess: null });
  expect(lines).toEqual([]);

  features.publish('users', 1);
  await clock.settle();
  await pass().succeed();
  expect(lines).toEqual(['up to date']);

  actor.sync(null);
  await clock.settle();
  await pass().fail(new RetryLaterError('cut'));
  await clock.advance(MINUTE_MS);
  await pass().fail(new RetryLaterError('cut again'));
  expect(lines).toEqual(['up to date', 'outlet fails']);
  await clock.advance(MINUTE_MS);
  await pass().succeed();
  expect(lines).toEqual(['up to date', 'outlet fails', 'up to date']);
});

test('a stop and a start alone log nothing', async () => {
  const before = scriptedOutlet();
  before.features.publish('claims', 1);
  before.features.publish('users', 1);
  await before.clock.settle();
  await before.pass().succeed();
  const after = await before.restart();
  const lines = logged(after);
  after.features.publish('claims', 2);
  await after.clock.settle();
  expect(after.actor.status().activity).toBe('waiting');
  await after.actor.stop();
  expect(lines).toEqual([]);
});
