import { type Static, Type } from '@sinclair/typebox';
import { Count, Nullable, Percentage } from '../../core/runtime/schema.ts';

export const UserSummary = Type.Object(
  {
    TotalUsers: Count('Users'),
    ConfirmedEmails: Count('Users with a confirmed e-mail address'),
    ConfirmationRate: Percentage('Confirmed ÷ all'),
    NewUsersLast30Days: Nullable(Type.Integer({ minimum: 0 }), {
      description: 'Users created in the last 30 days; null when unknown',
      examples: [42],
    }),
    PayingUsers: Count('Users with an approved payment'),
    ActiveSubscribers: Count('Users with an active subscription'),
  },
  { $id: 'UserSummary', description: 'Key figures of the users' },
);
export type UserSummary = Static<typeof UserSummary>;

export const User = Type.Object(
  {
    Id: Type.String({ description: 'Key of the user', examples: ['0f8fad5b-d9cb-469f-a165-70867728950e'] }),
    Name: Nullable(Type.String(), { description: 'Full name', examples: ['Ana Souza'] }),
    Email: Nullable(Type.String(), { description: 'E-mail address', examples: ['ana@example.com'] }),
    EmailConfirmed: Type.Boolean({ description: 'Whether the address is confirmed', examples: [true] }),
    CreatedAt: Nullable(Type.String({ format: 'date-time' }), {
      description: 'When the user was created; null when unknown',
      examples: ['2026-03-01T12:00:00.000Z'],
    }),
  },
  { $id: 'User', description: 'A user' },
);
export type User = Static<typeof User>;

export const UsersData = Type.Object(
  { summary: UserSummary, list: Type.Array(User, { description: 'The newest 50' }) },
  { $id: 'UsersData', description: 'Every figure of the feature' },
);
export type UsersData = Static<typeof UsersData>;
