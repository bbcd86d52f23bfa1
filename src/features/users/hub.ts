import type { HubDefinition } from '../../core/runtime/define-feature.ts';
import { figuresEvent } from '../../core/runtime/figures-event.ts';
import { UsersData } from './schemas.ts';

export const usersHub: HubDefinition<UsersData> = {
  events: [figuresEvent('UserSummaryUpdate', UsersData, ['summary'])],
};
