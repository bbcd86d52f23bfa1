import { test } from 'bun:test';
import fc from 'fast-check';
import { users } from '../../src/features/users/index.ts';
import { checkSituations, expectAgreement } from '../oracle/agreement.ts';
import { onEverySqlEngine, timeout } from '../oracle/engines.ts';
import { expectAnswer } from '../oracle/questions.ts';
import { newestUsers, usersOracle } from '../oracle/users.ts';

onEverySqlEngine((trial) => {
  test(
    'the users snapshot is what the contract says, on any company',
    () => expectAgreement(users, usersOracle, ['AspNetUsers', 'Payments', 'Subscriptions'], trial),
    timeout(trial),
  );

  test(
    'users/list answers as many of the newest as asked for',
    () =>
      checkSituations(['AspNetUsers'], fc.constantFrom(1, 2, 5, 49, 50, 51, 60, 500), trial, (sources, asked) => {
        const { company, now, parameter: limit } = asked;
        const question = { path: 'list', query: { limit: String(limit) } };
        return expectAnswer(users, sources, now, question, newestUsers(company, limit));
      }),
    timeout(trial),
  );
});
