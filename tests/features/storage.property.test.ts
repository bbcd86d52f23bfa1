import { test } from 'bun:test';
import fc from 'fast-check';
import { storage } from '../../src/features/storage/index.ts';
import { checkSituations, PROPERTY_TIMEOUT_MS } from '../oracle/agreement.ts';
import { expectAnswer } from '../oracle/questions.ts';
import { filesOfCategory, growthTrend, largestFilesAnswer } from './storage/oracle.ts';

const holdings = ['Files', 'Videos'] as const;

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

test(
  'storage/largest-files answers as many of the largest as asked for',
  () =>
    checkSituations(storage, ['Files'], fc.constantFrom(1, 2, 5, 19, 20, 21, 60, 100), (served, asked) => {
      const { company, parameter: limit } = asked;
      const question = { path: 'largest-files', query: { limit: String(limit) } };
      expectAnswer(storage, served, question, largestFilesAnswer(company, limit));
    }),
  PROPERTY_TIMEOUT_MS,
);

test(
  'storage/by-category answers the files of that very category, the largest first',
  () =>
    checkSituations(storage, ['Files'], categoryAndLimit, (served, { company, parameter: { categoria, limit } }) => {
      const question = { path: 'by-category/{categoria}', params: { categoria }, query: { limit: String(limit) } };
      expectAnswer(storage, served, question, filesOfCategory(company, categoria, limit));
    }),
  PROPERTY_TIMEOUT_MS,
);

test(
  'storage/growth-trend answers as many calendar days as asked for',
  () =>
    checkSituations(storage, holdings, fc.constantFrom(1, 2, 7, 29, 30, 31, 90, 365), (served, asked) => {
      const { company, now, timeZone, parameter: days } = asked;
      const question = { path: 'growth-trend', query: { days: String(days) } };
      expectAnswer(storage, served, question, growthTrend(company, now, days, timeZone));
    }),
  PROPERTY_TIMEOUT_MS,
);
