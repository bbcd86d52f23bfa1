import { describe, expect, test } from 'bun:test';
import type { Span } from '../../../src/core/figures/span.ts';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import type { UserRow, UsersRepository } from '../../../src/features/users/repository.ts';
import { userList } from '../../../src/features/users/routes.ts';
import { createUsersService } from '../../../src/features/users/service.ts';

const NOW = Date.UTC(2026, 2, 15, 12);
const moment = { now: NOW, calendar: createCalendar('UTC') };

function repositoryOf(rows: Partial<UsersRepository>): UsersRepository {
  return {
    knowsCreation: true,
    byConfirmation: () => [],
    byRelation: () => [],
    createdIn: () => 0,
    newest: () => [],
    ...rows,
  };
}

const snapshot = (rows: Partial<UsersRepository>) => createUsersService(repositoryOf(rows)).snapshot(moment);

const row: UserRow = { Id: 'a', Name: null, Email: null, EmailConfirmed: 0, CreatedAt: null };

describe('users', () => {
  test('are added up over what is known of them', () => {
    const { data } = snapshot({
      byConfirmation: () => [
        { EmailConfirmed: 0, count: 1 },
        { EmailConfirmed: 1, count: 2 },
      ],
      byRelation: () => [
        { pays: 1, subscribes: 0, count: 1 },
        { pays: 1, subscribes: 1, count: 1 },
        { pays: 0, subscribes: 0, count: 1 },
      ],
      createdIn: () => 1,
    });
    expect(data.summary).toEqual({
      TotalUsers: 3,
      ConfirmedEmails: 2,
      ConfirmationRate: 66.67,
      NewUsersLast30Days: 1,
      PayingUsers: 2,
      ActiveSubscribers: 1,
    });
  });

  test('where there are none, nobody pays, and the rate is 0', () => {
    expect(snapshot({}).data.summary).toMatchObject({ PayingUsers: 0, ActiveSubscribers: 0, ConfirmationRate: 0 });
  });

  test('new ones are those of the last 30 × 24 hours', () => {
    const spans: Span[] = [];
    snapshot({
      createdIn: (span) => {
        spans.push(span);
        return 0;
      },
    });
    expect(spans).toEqual([{ from: Date.UTC(2026, 1, 13, 12), before: NOW + 1 }]);
  });

  test('without CreatedAt the figures that need it are null, and said to be', () => {
    const { data, unavailable } = snapshot({ knowsCreation: false, createdIn: () => 7, newest: () => [row] });
    expect(data.summary.NewUsersLast30Days).toBeNull();
    expect(data.list).toEqual([{ Id: 'a', Name: null, Email: null, EmailConfirmed: false, CreatedAt: null }]);
    expect(unavailable).toEqual([
      { figure: 'summary.NewUsersLast30Days', column: 'AspNetUsers.CreatedAt' },
      { figure: 'list.CreatedAt', column: 'AspNetUsers.CreatedAt' },
    ]);
  });

  test('an instant leaves as ISO 8601', () => {
    const ana: UserRow = { Id: 'a', Name: 'Ana', Email: 'a@example.com', EmailConfirmed: 1, CreatedAt: NOW };
    const [user] = createUsersService(repositoryOf({ newest: () => [ana] })).newest(1);
    expect(user).toEqual({
      Id: 'a',
      Name: 'Ana',
      Email: 'a@example.com',
      EmailConfirmed: true,
      CreatedAt: '2026-03-15T12:00:00.000Z',
    });
  });
});

describe('users/list', () => {
  const prepare = (query: Record<string, string>) => userList.prepare({ params: {}, query });

  test('up to 50 are a slice of the snapshot', () => {
    const { data } = snapshot({ newest: () => ['a', 'b', 'c'].map((Id) => ({ ...row, Id })) });
    expect(prepare({}).fromSnapshot(data)).toEqual(data.list);
    expect(prepare({ limit: '2' }).fromSnapshot(data)).toEqual(data.list.slice(0, 2));
    expect(prepare({ limit: '50' }).fromSnapshot(data)).toEqual(data.list);
    expect(prepare({ limit: '51' }).fromSnapshot(data)).toBeUndefined();
  });

  test.each(['0', '501', '-1', '1.5', 'many', ''])('a limit of "%s" is refused', (limit) => {
    expect(() => prepare({ limit })).toThrow('limit');
  });
});
