import { defineFeature, parts } from '../../core/runtime/define-feature.ts';
import { usersHub } from './hub.ts';
import { createUsersRepository, usersTables } from './repository.ts';
import { userList } from './routes.ts';
import { UserSummary, UsersData } from './schemas.ts';
import { createUsersService } from './service.ts';

export const users = defineFeature({
  name: 'users',
  title: { en: 'Users', pt: 'Usuários' },
  description: 'Users, confirmed addresses, and who pays',
  binding: usersTables,
  schema: UsersData,
  load: (reader, now) => createUsersService(createUsersRepository(reader)).snapshot(now),
  parts: parts('summary', 'Key figures of the users', UserSummary, (data: UsersData) => data.summary),
  questions: [userList],
  hub: usersHub,
});
