import { afterAll, describe, expect, test } from 'bun:test';
import { systemClock } from '../../../src/core/runtime/clock.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { createEncoder, type Encoder } from '../../../src/features/exports/encoder.ts';
import { packTable } from '../../../src/features/exports/packed-table.ts';
import { until } from '../../support/until.ts';
import { tableWith } from './some-tables.ts';

const TABLES = [packTable(tableWith([{ id: 1, name: 'Ana' }]))];
const csv = async (encoder: Encoder) =>
  Buffer.from(await encoder.encode(TABLES, { format: 'csv', dialect: 'rfc4180' })).toString();
const TEXT = 'id,name,amount,share,isOpen,at\r\n1,Ana,,,,\r\n';

describe('the encoder', () => {
  const workers: Worker[] = [];
  const lost: unknown[] = [];
  const encoder = createEncoder({
    clock: systemClock,
    onLost: (error) => lost.push(error),
    createWorker(url, argv) {
      const worker = new Worker(url, { argv });
      workers.push(worker);
      return worker;
    },
  });
  afterAll(() => encoder.close());

  test('starts its Worker with the first file, and keeps it', async () => {
    expect(workers).toHaveLength(0);
    expect(await Promise.all([csv(encoder), csv(encoder)])).toEqual([TEXT, TEXT]);
    expect(workers).toHaveLength(1);
  });

  test('rejects what a crash interrupts, and goes on with another Worker', async () => {
    const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `user ${id}`, amount: id / 100 }));
    const large = encoder.encode([packTable(tableWith(rows))], { format: 'xlsx', timeZone: 'UTC' });
    workers[0]?.terminate();
    const outcome = await large.then(
      () => null,
      (error: unknown) => error,
    );
    expect(outcome).toBeInstanceOf(SourceError);
    expect(lost).toHaveLength(1);
    await until(async () => (await csv(encoder).catch(() => null)) === TEXT);
    expect(workers).toHaveLength(2);
  });

  test('does not hold up the event loop while it encodes', async () => {
    const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `user ${id}`, amount: id / 100 }));
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await encoder.encode([packTable(tableWith(rows))], { format: 'xlsx', timeZone: 'UTC' });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });

  test('encodes nothing once it is closed', async () => {
    const closed = createEncoder({ clock: systemClock, onLost: () => {} });
    await closed.close();
    await expect(csv(closed)).rejects.toThrow('The encoder of exports was closed');
  });
});
