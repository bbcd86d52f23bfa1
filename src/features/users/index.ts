import { defineFeature, partsOf } from '../../core/runtime/define-feature.ts';
import { figuresEvent } from '../../core/runtime/figures-event.ts';
import { createUsersRepository, usersObjects, usersReads } from './repository.ts';
import { userList } from './routes.ts';
import { UsersData } from './schemas.ts';
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
  sheets: [
    { name: 'Users_KPIs', figures: ['summary'] },
    { name: 'Users_Data', list: 'list' },
  ],
  repository: createUsersRepository,
  service: createUsersService,
  parts: partsOf(UsersData, { summary: 'summary' }),
  questions: [userList],
  hub: { events: [figuresEvent('UserSummaryUpdate', UsersData, ['summary'])] },
});
