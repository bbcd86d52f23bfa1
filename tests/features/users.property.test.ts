import { test } from 'bun:test';
import fc from 'fast-check';
import { users } from '../../src/features/users/index.ts';
import { checkSituations, PROPERTY_TIMEOUT_MS } from '../oracle/agreement.ts';
import { expectAnswer } from '../oracle/questions.ts';
import { newestUsers } from './users/oracle.ts';

test(
  'users/list answers as many of the newest as asked for',
  () =>
    checkSituations(users, ['AspNetUsers'], fc.constantFrom(1, 2, 5, 49, 50, 51, 60, 500), (served, asked) => {
      const { company, parameter: limit } = asked;
      expectAnswer(users, served, { path: 'list', query: { limit: String(limit) } }, newestUsers(company, limit));
    }),
  PROPERTY_TIMEOUT_MS,
);
