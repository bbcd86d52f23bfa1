import { describe, expect, test } from 'bun:test';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { HISTORY_FILE, openHistory } from '../../../src/core/history/history.ts';
import type { HistoryQuestion } from '../../../src/core/history/history-question.ts';
import { systemClock } from '../../../src/core/runtime/clock.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { memoryHistory } from '../../support/memory-history.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { MINUTE_MS, SOURCE, values } from './recorded.ts';

const folder = temporaryFolders();
const NOON = Date.UTC(2026, 2, 1, 12);

const Points = Type.Array(Type.Tuple([Type.String(), Type.Union([Type.Number(), Type.Null()])]));
const Answer = Type.Object({
  timeZone: Type.String(),
  series: Type.Array(
    Type.Object({ figure: Type.String(), unit: Type.String(), points: Points, previous: Type.Optional(Points) }),
  ),
});

const QUESTION: HistoryQuestion = {
  feature: 'claims',
  source: SOURCE,
  figures: [{ path: 'a', unit: 'count' }],
  from: NOON,
  to: NOON + 3 * MINUTE_MS,
  step: 'minute',
  comparesPrevious: false,
};

type Readable = Pick<ReturnType<typeof memoryHistory>, 'read'>;

async function read(history: Readable, question: Partial<HistoryQuestion> = {}) {
  const answer: unknown = JSON.parse(await history.read({ ...QUESTION, ...question }));
  Value.Assert(Answer, answer);
  return answer;
}

/** The values of the first series. */
async function valuesOf(history: Readable, question: Partial<HistoryQuestion> = {}) {
  return (await read(history, question)).series[0]?.points.map(([, value]) => value);
}

describe('a history', () => {
  test('answers the points of each minute, and a gap where none was recorded', async () => {
    const history = memoryHistory();
    await history.record([values(1, 10)], NOON);
    await history.record([values(3, null)], NOON + 2 * MINUTE_MS + 59_999);
    const figures = [
      { path: 'a', unit: 'count' },
      { path: 'b', unit: 'BRL' },
    ];
    expect(await read(history, { figures })).toMatchObject({
      timeZone: 'America/Sao_Paulo',
      series: [
        {
          figure: 'a',
          unit: 'count',
          points: [
            ['2026-03-01T12:00:00.000Z', 1],
            ['2026-03-01T12:01:00.000Z', null],
            ['2026-03-01T12:02:00.000Z', 3],
          ],
        },
        { figure: 'b', unit: 'BRL', points: [[expect.any(String), 10], expect.anything(), [expect.any(String), null]] },
      ],
    });
  });

  test('is empty before the first point', async () => {
    const history = memoryHistory();
    expect(await valuesOf(history, { comparesPrevious: true })).toEqual([null, null, null]);
    expect(await history.size()).toEqual({ bytes: expect.any(Number), oldest: null });
  });

  test('has one point a minute, the later one', async () => {
    const history = memoryHistory();
    await history.record([values(1)], NOON);
    await history.record([values(2)], NOON + 30_000);
    expect(await valuesOf(history)).toEqual([2, null, null]);
    expect((await history.size()).oldest).toBe(NOON);
  });

  test('keeps what it had when the clock is set back, and goes on from there', async () => {
    const history = memoryHistory();
    await history.record([values(1)], NOON);
    await history.record([values(2)], NOON + 2 * MINUTE_MS);
    await history.record([values(3)], NOON + MINUTE_MS);
    expect(await valuesOf(history)).toEqual([1, 3, 2]);
    await history.record([values(4)], NOON + 2 * MINUTE_MS);
    expect(await valuesOf(history)).toEqual([1, 3, 4]);
  });

  test('keeps its minutes when the clock is years ahead for a while', async () => {
    const history = memoryHistory();
    for (const minute of [0, 1, 2]) await history.record([values(minute)], NOON + minute * MINUTE_MS);
    const ahead = NOON + 4 * 365 * 86_400_000;
    await history.record([values(7)], ahead);
    await history.record([values(8)], ahead + MINUTE_MS);
    await history.record([values(3)], NOON + 3 * MINUTE_MS);
    expect(await valuesOf(history, { to: NOON + 4 * MINUTE_MS })).toEqual([0, 1, 2, 3]);
  });

  test('holds every double, and tells 0 from nothing', async () => {
    const history = memoryHistory();
    const doubles = [0, -0, 0.1 + 0.2, 2 ** 53, -1.5, Number.MAX_VALUE];
    for (const [index, value] of doubles.entries()) await history.record([values(value)], NOON + index * MINUTE_MS);
    expect(await valuesOf(history, { to: NOON + doubles.length * MINUTE_MS })).toEqual(doubles.map((each) => each + 0));
  });

  test('never mixes two databases or two features', async () => {
    const history = memoryHistory();
    await history.record([values(1), { ...values(7), feature: 'users' }], NOON);
    await history.record([values(2, null, 'another database')], NOON + MINUTE_MS);
    expect(await valuesOf(history)).toEqual([1, null, null]);
    expect(await valuesOf(history, { source: 'another database' })).toEqual([null, 2, null]);
    expect(await valuesOf(history, { feature: 'users' })).toEqual([7, null, null]);
  });

  test('reads across versions of the server with other figures', async () => {
    const history = memoryHistory();
    await history.record([values(1, 2)], NOON);
    await history.record([{ ...values(0), figures: ['c', 'a'], values: [8, 9] }], NOON + MINUTE_MS);
    expect(await valuesOf(history)).toEqual([1, 9, null]);
    expect(await valuesOf(history, { figures: [{ path: 'c', unit: 'count' }] })).toEqual([null, 8, null]);
  });

  test('compares with as many steps right before', async () => {
    const history = memoryHistory();
    for (let minute = -3; minute < 3; minute++) await history.record([values(minute)], NOON + minute * MINUTE_MS);
    const { series } = await read(history, { comparesPrevious: true });
    expect(series[0]).toMatchObject({
      points: [
        ['2026-03-01T12:00:00.000Z', 0],
        ['2026-03-01T12:01:00.000Z', 1],
        ['2026-03-01T12:02:00.000Z', 2],
      ],
      previous: [
        ['2026-03-01T11:57:00.000Z', -3],
        ['2026-03-01T11:58:00.000Z', -2],
        ['2026-03-01T11:59:00.000Z', -1],
      ],
    });
  });

  test('an hour holds the last value in it', async () => {
    const history = memoryHistory();
    for (const minute of [0, 59, 61]) await history.record([values(minute)], NOON + minute * MINUTE_MS);
    expect(await valuesOf(history, { step: 'hour', to: NOON + 3 * 3_600_000 })).toEqual([59, 61, null]);
  });

  test('drops its oldest days beyond its size', async () => {
    const history = memoryHistory({ maximumBytes: 200_000 });
    const figures = Array.from({ length: 100 }, (_, index) => `figure ${index}`);
    const large = { ...values(0), figures, values: figures.map((_, index) => index + 0.5) };
    for (let minute = 0; minute < 6 * 1440; minute += 20) await history.record([large], NOON + minute * MINUTE_MS);
    const { bytes, oldest } = await history.size();
    expect(bytes).toBeLessThanOrEqual(200_000);
    // A day is about 60 KB. It begins at midnight in São Paulo.
    expect([4, 5]).toContain(Math.round(((oldest ?? 0) - NOON) / 86_400_000 + 0.5));
    expect(new Date(oldest ?? 0).toISOString()).toContain('T03:00:00');
  });
});

describe('a file', () => {
  const open = (directory: string) =>
    openHistory({
      ...{ directory, timeZone: 'America/Sao_Paulo', maximumBytes: 256 * 1024 ** 2, clock: systemClock },
      onLost: (error) => {
        throw error;
      },
    });

  test('outlives its process, and only its owner may read it', async () => {
    const directory = folder();
    const first = await open(directory);
    await first.record([values(1)], NOON);
    for (const name of [HISTORY_FILE, `${HISTORY_FILE}-wal`]) {
      expect(`${name} ${(statSync(join(directory, name)).mode & 0o777).toString(8)}`).toBe(`${name} 600`);
    }
    await first.close();
    const second = await open(directory);
    expect(await valuesOf(second)).toEqual([1, null, null]);
    await second.close();
  });

  test('that two processes use at once has the points of both', async () => {
    const directory = folder();
    const [one, other] = await Promise.all([open(directory), open(directory)]);
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 === 0 ? one : other).record([values(index)], NOON + index * MINUTE_MS),
      ),
    );
    const all = { to: NOON + 100 * MINUTE_MS };
    expect(await valuesOf(one, all)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(await valuesOf(other, all)).toEqual(await valuesOf(one, all));
    await Promise.all([one.close(), other.close()]);
  });

  test('whose pages are damaged fails as a source does, with the reason', async () => {
    const directory = folder();
    const first = await open(directory);
    for (let minute = 0; minute < 200; minute++) await first.record([values(minute)], NOON + minute * MINUTE_MS);
    await first.close();
    const path = join(directory, HISTORY_FILE);
    const bytes = readFileSync(path);
    // The first page has the schema.
    writeFileSync(path, bytes.fill('x', 4_096));
    const second = await open(directory);
    const refusal = await second.read(QUESTION).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SourceError);
    expect(String(refusal)).toContain('malformed');
    await second.close();
  });

  test('that is no history is refused', async () => {
    const directory = folder();
    writeFileSync(join(directory, HISTORY_FILE), 'x'.repeat(5_000));
    await expect(open(directory)).rejects.toThrow('file is not a database');
  });
});
