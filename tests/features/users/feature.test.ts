import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { users } from '../../../src/features/users/index.ts';
import { loadFrom } from '../../support/replay-feature.ts';
import { emptyDatabase } from '../../support/sqlite-source.ts';
import { company, NOW } from './company.ts';

describe('the users feature', () => {
  test('counts users, not payments, and only those it knows', async () => {
    const { data } = await loadFrom(users, company(), NOW);
    expect([...Value.Errors(users.schema, data)]).toEqual([]);
    expect(data.summary).toEqual({
      TotalUsers: 4,
      ConfirmedEmails: 2,
      ConfirmationRate: 50,
      NewUsersLast30Days: 1,
      PayingUsers: 1,
      ActiveSubscribers: 1,
    });
    expect(data.list.map(({ Id }) => Id)).toEqual(['b', 'a', 'd', 'c']);
  });

  test('without CreatedAt lists by id, last first, and says what is unavailable', async () => {
    const { data, unavailable } = await loadFrom(users, company(new Set(['AspNetUsers.CreatedAt'])), NOW);
    expect([...Value.Errors(users.schema, data)]).toEqual([]);
    expect(data.list.map(({ Id, CreatedAt }) => [Id, CreatedAt])).toEqual([
      ['d', null],
      ['c', null],
      ['b', null],
      ['a', null],
    ]);
    expect(unavailable.map(({ figure }) => figure)).toEqual(['summary.NewUsersLast30Days', 'list.CreatedAt']);
  });

  test('of nothing is nothing', async () => {
    const { data } = await loadFrom(users, emptyDatabase(), NOW);
    expect([...Value.Errors(users.schema, data)]).toEqual([]);
    expect(data.summary).toMatchObject({ TotalUsers: 0, ConfirmedEmails: 0, NewUsersLast30Days: 0 });
  });

  test('its hub sends the summary with the reason', async () => {
    const { data } = await loadFrom(users, company(), NOW);
    expect(users.hub.events.map((event) => [event.target, event.argument(data, 'Auto')])).toEqual([
      ['UserSummaryUpdate', { summary: data.summary, type: 'Auto' }],
    ]);
  });
});
