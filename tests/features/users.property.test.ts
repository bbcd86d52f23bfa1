import { test } from 'bun:test';
import fc from 'fast-check';
import { users } from '../../src/features/users/index.ts';
import { checkSituations, expectAgreement, sqliteSources, timeout } from '../oracle/agreement.ts';
import { expectAnswer } from '../oracle/questions.ts';
import { newestUsers, usersOracle } from '../oracle/users.ts';

test(
  'the users snapshot is what the contract says, on any company',
  () => expectAgreement(users, usersOracle, ['AspNetUsers', 'Payments', 'Subscriptions']),
  timeout,
);

test(
  'users/list answers as many of the newest as asked for',
  () =>
    checkSituations(['AspNetUsers'], fc.constantFrom(1, 2, 5, 49, 50, 51, 60, 500), sqliteSources, (sources, asked) => {
      const { company, now, parameter: limit } = asked;
      const question = { path: 'list', query: { limit: String(limit) } };
      return expectAnswer(users, sources, now, question, newestUsers(company, limit));
    }),
  timeout,
);
