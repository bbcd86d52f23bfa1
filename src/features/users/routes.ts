import { Type } from '@sinclair/typebox';
import { question } from '../../core/runtime/question.ts';
import { createUsersRepository } from './repository.ts';
import { User, type UsersData } from './schemas.ts';
import { createUsersService, LISTED_USERS } from './service.ts';

/** Read from the mirror when more users are requested than the snapshot lists. */
export const userList = question({
  path: 'list',
  summary: 'The newest users',
  params: Type.Object({}),
  query: Type.Object({
    limit: Type.Integer({
      description: 'How many users, 1 to 500',
      minimum: 1,
      maximum: 500,
      default: LISTED_USERS,
      examples: [100],
    }),
  }),
  response: Type.Array(User),
  fromSnapshot: (data: UsersData, { limit }) => (limit <= LISTED_USERS ? data.list.slice(0, limit) : undefined),
  answer: (reader, { limit }) => createUsersService(createUsersRepository(reader)).newest(limit),
});
