import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test';
import type { SqliteReply, SqliteRequest } from '../../src/core/sources/sql/sqlite/messages.ts';
import type { WorkerPort } from '../../src/core/sources/sql/sqlite/serve.ts';
import { figureIndexes } from '../../src/demo/database.ts';
import { serveDemoDatabase } from '../../src/demo/serve-database.ts';
import { SMALL } from './company.ts';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

/** The Worker's end of a generated database, asked without any thread between. */
function serve() {
  const replies: SqliteReply[] = [];
  const port: WorkerPort = { onmessage: null, postMessage: (reply) => replies.push(reply) };
  serveDemoDatabase({ kind: 'generated', spec: SMALL, keptIn: null }, port);
  const ask = (data: SqliteRequest) => {
    port.onmessage?.(new MessageEvent('message', { data }));
    return replies.at(-1);
  };
  const query = (sql: string) => ask({ id: 1, kind: 'query', statement: { sql, parameters: [] } });
  const indexes = () => {
    const reply = query("select name from sqlite_schema where name like 'IX%'");
    return reply?.kind === 'rows' ? reply.rows.length : undefined;
  };
  return { replies, ask, query, indexes };
}

describe('a generated database', () => {
  test('is ready at once, and gets its indexes one after the other once the first figures have been read', () => {
    const { replies, indexes } = serve();
    expect(replies).toEqual([{ kind: 'ready', description: 'SQLite in memory, demo data of seed 1' }]);
    expect(indexes()).toBe(0);
    jest.advanceTimersByTime(1_000);
    expect(indexes()).toBe(1);
    jest.advanceTimersByTime(2_000);
    expect(indexes()).toBe(figureIndexes.length);
  });

  test('gets no index while somebody reads in a transaction', () => {
    const { query, indexes } = serve();
    query('begin');
    jest.advanceTimersByTime(3_000);
    expect(indexes()).toBe(0);
    query('rollback');
    jest.advanceTimersByTime(3_000);
    expect(indexes()).toBe(figureIndexes.length);
  });

  test('may be closed before it has them', () => {
    const { ask, replies } = serve();
    expect(ask({ id: 2, kind: 'close' })).toEqual({ kind: 'rows', id: 2, rows: [] });
    jest.advanceTimersByTime(5_000);
    expect(replies).toHaveLength(2);
  });

  test('undoes a write that fails half-way', () => {
    const { ask, query } = serve();
    const [table, parameters] = ['Courses', [] as string[]] as const;
    const statements = [
      { table, sql: 'delete from main.Courses', parameters },
      { table, sql: 'delete from main.Nothing', parameters },
    ];
    expect(ask({ id: 3, kind: 'write', statements })).toMatchObject({ kind: 'failed', id: 3 });
    expect(query('select count(*) as rows from Courses')).toMatchObject({ rows: [{ rows: 12 }] });
  });
});
