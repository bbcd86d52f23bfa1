import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { users } from '../../../src/features/users/index.ts';
import { figuresOf } from '../figures-of.ts';
import { company, NOW } from './company.ts';

describe('the users feature', () => {
  test('counts users, not payments, and only those it knows', async () => {
    const { data } = await figuresOf(users, company, NOW);
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
    const without = new Set(['AspNetUsers.CreatedAt']);
    const { data, unavailable } = await figuresOf(users, company, NOW, { without });
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
    const { data } = await figuresOf(users, {}, NOW);
    expect([...Value.Errors(users.schema, data)]).toEqual([]);
    expect(data.summary).toMatchObject({ TotalUsers: 0, ConfirmedEmails: 0, NewUsersLast30Days: 0 });
  });

  test('counts and lists users whose values cannot be read', async () => {
    const odd = { Id: {}, Name: {}, Email: 1, EmailConfirmed: 2, CreatedAt: '31/12/2025' };
    const { data } = await figuresOf(users, { AspNetUsers: [odd, { ...odd, Id: [] }] }, NOW);
    expect([...Value.Errors(users.schema, data)]).toEqual([]);
    expect(data.summary).toMatchObject({ TotalUsers: 2, ConfirmedEmails: 0, NewUsersLast30Days: 0 });
    const listed = { Id: '', Name: null, Email: '1', EmailConfirmed: false, CreatedAt: null };
    expect(data.list).toEqual([listed, listed]);
  });

  test('keys are compared as the database does, and shown as they are written', async () => {
    const keys = { ignoresCase: true, ignoresAccents: false, ignoresTrailingBlanks: true };
    const rows = {
      AspNetUsers: [{ Id: 'B' }, { Id: 'a' }, { Id: 'C ' }],
      Payments: [{ UserId: 'b', Status: 'approved' }],
      Subscriptions: [{ UserId: 'c', Status: 'active' }],
    };
    const { data } = await figuresOf(users, rows, NOW, { keys });
    expect(data.list.map(({ Id }) => Id)).toEqual(['a', 'C ', 'B']);
    expect(data.summary).toMatchObject({ TotalUsers: 3, PayingUsers: 1, ActiveSubscribers: 1 });
  });

  test('its hub sends the summary with the reason', async () => {
    const { data } = await figuresOf(users, company, NOW);
    expect(users.hub.events.map((event) => [event.target, event.argument(data, 'Auto')])).toEqual([
      ['UserSummaryUpdate', { summary: data.summary, type: 'Auto' }],
    ]);
  });
});
