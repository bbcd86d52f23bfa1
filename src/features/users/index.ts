import { defineFeature, parts } from '../../core/runtime/define-feature.ts';
import { usersHub } from './hub.ts';
import { createUsersRepository, usersObjects, usersReads } from './repository.ts';
import { userList } from './routes.ts';
import { UserSummary, UsersData } from './schemas.ts';
import { createUsersService } from './service.ts';

export const users = defineFeature({
  name: 'users',
  title: { en: 'Users', pt: 'Usuários' },
  description: 'Users, confirmed addresses, and who pays',
  source: 'sql',
  reads: usersReads,
  objects: usersObjects,
  schema: UsersData,
  headlines: [
    'summary.TotalUsers',
    'summary.NewUsersLast30Days',
    'summary.PayingUsers',
    'summary.ActiveSubscribers',
    'summary.ConfirmationRate',
  ],
  figures: (reader, moment) => createUsersService(createUsersRepository(reader)).snapshot(moment),
  parts: parts('summary', 'Key figures of the users', UserSummary, (data: UsersData) => data.summary),
  questions: [userList],
  hub: usersHub,
});
