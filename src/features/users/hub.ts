import { Type } from '@sinclair/typebox';
import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { EmissionType } from '../../core/runtime/schema.ts';
import { UserSummary, type UsersData } from './schemas.ts';

const UserSummaryUpdate = Type.Object(
  {
    summary: UserSummary,
    type: EmissionType,
  },
  { $id: 'UserSummaryUpdate', description: 'Key figures of the users, and why they are sent' },
);

export const usersHub: HubDefinition<UsersData> = {
  events: [
    { target: 'UserSummaryUpdate', schema: UserSummaryUpdate, argument: ({ summary }, type) => ({ summary, type }) },
  ],
};
