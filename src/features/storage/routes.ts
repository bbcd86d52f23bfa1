import { Type } from '@sinclair/typebox';
import type { MirrorReader } from '../../core/mirror/reader.ts';
import { question } from '../../core/runtime/question.ts';
import { createStorageRepository } from './repository.ts';
import { FilesByCategory, LargestFiles, NO_CATEGORY, StorageGrowthTrend } from './schemas.ts';
import { createStorageService, GROWTH_DAYS, LISTED_FILES } from './service.ts';

const LISTED_OF_CATEGORY = 50;

const serviceOf = (reader: MirrorReader) => createStorageService(createStorageRepository(reader));

/** Answers that are not part of the snapshot: each is read from the mirror. */
export const storageQuestions = [
  question({
    path: 'largest-files',
    summary: 'The largest files',
    params: Type.Object({}),
    query: Type.Object({
      limit: Type.Integer({
        description: 'How many files, 1 to 100',
        minimum: 1,
        maximum: 100,
        default: LISTED_FILES,
        examples: [10],
      }),
    }),
    response: LargestFiles,
    answer: (reader, { limit }) => serviceOf(reader).largestFiles(limit),
  }),

  question({
    path: 'by-category/{categoria}',
    summary: 'The largest files of a category',
    params: Type.Object({
      categoria: Type.String({
        description: `Category, in its own letter case; "${NO_CATEGORY}" for files without one`,
        examples: ['Videos'],
      }),
    }),
    query: Type.Object({
      limit: Type.Integer({
        description: 'How many files, 1 to 500',
        minimum: 1,
        maximum: 500,
        default: LISTED_OF_CATEGORY,
        examples: [100],
      }),
    }),
    response: FilesByCategory,
    answer: (reader, { limit }, { categoria }) => serviceOf(reader).filesOf(categoria, limit),
  }),

  question({
    path: 'growth-trend',
    summary: 'Files added by calendar day, oldest first',
    params: Type.Object({}),
    query: Type.Object({
      days: Type.Integer({
        description: 'How many days with today, 1 to 365',
        minimum: 1,
        maximum: 365,
        default: GROWTH_DAYS,
        examples: [90],
      }),
    }),
    response: StorageGrowthTrend,
    answer: (reader, { days }, _params, asOf) => serviceOf(reader).growth(asOf, days),
  }),
];
