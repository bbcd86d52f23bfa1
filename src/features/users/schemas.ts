import { type Static, Type } from '@sinclair/typebox';
import { Count, Flag, InstantText, List, Nullable, Percentage, Text } from '../../core/runtime/schema.ts';

export const UserSummary = Type.Object(
  {
    TotalUsers: Count('Users', { en: 'Users', pt: 'Usuários', good: 'up' }),
    ConfirmedEmails: Count('Users with a confirmed e-mail address', {
      en: 'Confirmed e-mails',
      pt: 'E-mails confirmados',
      good: 'up',
    }),
    ConfirmationRate: Percentage('Confirmed ÷ all', {
      en: 'E-mail confirmation rate',
      pt: 'Taxa de confirmação de e-mail',
      good: 'up',
    }),
    NewUsersLast30Days: Nullable(
      Count('Users created in the last 30 days; null when unknown', {
        en: 'New users, last 30 days',
        pt: 'Novos usuários, últimos 30 dias',
        good: 'up',
      }),
    ),
    PayingUsers: Count('Users with an approved payment', { en: 'Paying users', pt: 'Usuários pagantes', good: 'up' }),
    ActiveSubscribers: Count('Users with an active subscription', {
      en: 'Active subscribers',
      pt: 'Assinantes ativos',
      good: 'up',
    }),
  },
  { $id: 'UserSummary', description: 'Key figures of the users' },
);
export type UserSummary = Static<typeof UserSummary>;

export const User = Type.Object(
  {
    Id: Text('Key of the user', { en: 'Id', pt: 'Código' }, '0f8fad5b-d9cb-469f-a165-70867728950e'),
    Name: Nullable(Text('Full name', { en: 'Name', pt: 'Nome' }, 'Ana Souza')),
    Email: Nullable(Text('E-mail address', { en: 'E-mail', pt: 'E-mail' }, 'ana@example.com')),
    EmailConfirmed: Flag('Whether the address is confirmed', { en: 'E-mail confirmed', pt: 'E-mail confirmado' }),
    CreatedAt: Nullable(
      InstantText('When the user was created; null when unknown', { en: 'Registered at', pt: 'Cadastrado em' }),
    ),
  },
  { $id: 'User', description: 'A user' },
);
export type User = Static<typeof User>;

export const UsersData = Type.Object(
  { summary: UserSummary, list: List(User, 'The newest 50', { en: 'Newest users', pt: 'Usuários mais recentes' }) },
  { $id: 'UsersData', description: 'Every figure of the feature' },
);
export type UsersData = Static<typeof UsersData>;
