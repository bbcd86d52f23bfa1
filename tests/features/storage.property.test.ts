import { test } from 'bun:test';
import fc from 'fast-check';
import { storage } from '../../src/features/storage/index.ts';
import { checkSituations, expectAgreement } from '../oracle/agreement.ts';
import { onEverySqlEngine, timeout } from '../oracle/engines.ts';
import { expectAnswer } from '../oracle/questions.ts';
import { filesOfCategory, growthTrend, largestFilesAnswer, storageOracle } from '../oracle/storage.ts';

const categoryAndLimit = fc.record({
  categoria: fc.constantFrom(
    'Videos',
    ' Videos',
    'videos',
    'Sem Categoria',
    'sem categoria',
    'São',
    'constructor',
    'x',
  ),
  limit: fc.constantFrom(1, 2, 3, 20, 500),
});

onEverySqlEngine((trial) => {
  test(
    'the storage snapshot is what the contract says, on any company',
    () => expectAgreement(storage, storageOracle, ['Files', 'Videos'], trial),
    timeout(trial),
  );

  test(
    'storage/largest-files answers as many of the largest as asked for',
    () =>
      checkSituations(['Files'], fc.constantFrom(1, 2, 5, 19, 20, 21, 60, 100), trial, (sources, asked) => {
        const { company, now, parameter: limit } = asked;
        const question = { path: 'largest-files', query: { limit: String(limit) } };
        return expectAnswer(storage, sources, now, question, largestFilesAnswer(company, limit));
      }),
    timeout(trial),
  );

  test(
    'storage/by-category answers the files of that very category, the largest first',
    () =>
      checkSituations(['Files'], categoryAndLimit, trial, (sources, asked) => {
        const { company, now, parameter } = asked;
        const { categoria, limit } = parameter;
        const question = {
          path: 'by-category/{categoria}',
          params: { categoria },
          query: { limit: String(limit) },
        };
        return expectAnswer(storage, sources, now, question, filesOfCategory(company, categoria, limit));
      }),
    timeout(trial),
  );

  test(
    'storage/growth-trend answers as many calendar days as asked for',
    () =>
      checkSituations(['Files', 'Videos'], fc.constantFrom(1, 2, 7, 29, 30, 31, 90, 365), trial, (sources, asked) => {
        const { company, now, parameter: days } = asked;
        const question = { path: 'growth-trend', query: { days: String(days) } };
        return expectAnswer(storage, sources, now, question, growthTrend(company, now, days));
      }),
    timeout(trial),
  );
});
