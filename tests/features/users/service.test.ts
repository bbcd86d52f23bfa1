import { describe, expect, test } from 'bun:test';
import type { Span } from '../../../src/core/figures/span.ts';
import type { UserRow, UsersRepository } from '../../../src/features/users/repository.ts';
import { userList } from '../../../src/features/users/routes.ts';
import { createUsersService } from '../../../src/features/users/service.ts';

const NOW = Date.UTC(2026, 2, 15, 12);

function repositoryOf(rows: Partial<UsersRepository>): UsersRepository {
  return {
    knowsCreation: true,
    totals: async () => ({ count: 0, confirmed: 0, recent: 0 }),
    paymentStatuses: async () => [],
    subscriptionStatuses: async () => [],
    withPayment: async () => 0,
    withSubscription: async () => 0,
    newest: async () => [],
    ...rows,
  };
}

const snapshot = (rows: Partial<UsersRepository>) => createUsersService(repositoryOf(rows)).snapshot(NOW);

describe('users', () => {
  test('who pays and who subscribes is asked for by every spelling that means it', async () => {
    const { data } = await snapshot({
      totals: async () => ({ count: 3, confirmed: 2, recent: 1 }),
      paymentStatuses: async () => ['rejected', 'APPROVED', 'aprovado '],
      subscriptionStatuses: async () => ['paused', 'Active', 'authorized'],
      withPayment: async (statuses) => (statuses.join() === 'APPROVED,aprovado ' ? 2 : -1),
      withSubscription: async (statuses) => (statuses.join() === 'Active,authorized' ? 1 : -1),
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

  test('without a spelling that means it nobody is asked for', async () => {
    const unexpected = async () => {
      throw new Error('asked');
    };
    const { data } = await snapshot({
      paymentStatuses: async () => ['rejected'],
      withPayment: unexpected,
      withSubscription: unexpected,
    });
    expect(data.summary.PayingUsers).toBe(0);
    expect(data.summary.ActiveSubscribers).toBe(0);
    expect(data.summary.ConfirmationRate).toBe(0);
  });

  test('new ones are those of the last 30 × 24 hours', async () => {
    const spans: Span[] = [];
    await snapshot({
      totals: async (span) => {
        spans.push(span);
        return { count: 0, confirmed: 0 };
      },
    });
    expect(spans).toEqual([{ from: Date.UTC(2026, 1, 13, 12), before: NOW + 1 }]);
  });

  test('without CreatedAt the figures that need it are null, and said to be', async () => {
    const row: UserRow = { Id: 'a', Name: null, Email: null, confirmed: 0 };
    const { data, unavailable } = await snapshot({
      knowsCreation: false,
      totals: async () => ({ count: 1, confirmed: 0 }),
      newest: async () => [row],
    });
    expect(data.summary.NewUsersLast30Days).toBeNull();
    expect(data.list).toEqual([{ Id: 'a', Name: null, Email: null, EmailConfirmed: false, CreatedAt: null }]);
    expect(unavailable).toEqual([
      { figure: 'summary.NewUsersLast30Days', column: 'AspNetUsers.CreatedAt' },
      { figure: 'list.CreatedAt', column: 'AspNetUsers.CreatedAt' },
    ]);
  });

  test('an instant leaves as ISO 8601', async () => {
    const row: UserRow = { Id: 'a', Name: 'Ana', Email: 'a@example.com', confirmed: 1, created: NOW };
    const [user] = await createUsersService(repositoryOf({ newest: async () => [row] })).newest(1);
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

  test('up to 50 are a slice of the snapshot', async () => {
    const { data } = await snapshot({
      newest: async () => ['a', 'b', 'c'].map((Id) => ({ Id, Name: null, Email: null, confirmed: 1, created: null })),
    });
    expect(prepare({}).fromSnapshot(data)).toEqual(data.list);
    expect(prepare({ limit: '2' }).fromSnapshot(data)).toEqual(data.list.slice(0, 2));
    expect(prepare({ limit: '50' }).fromSnapshot(data)).toEqual(data.list);
    expect(prepare({ limit: '51' }).fromSnapshot(data)).toBeUndefined();
  });

  test.each(['0', '501', '-1', '1.5', 'many', ''])('a limit of "%s" is refused', (limit) => {
    expect(() => prepare({ limit })).toThrow('limit');
  });
});
