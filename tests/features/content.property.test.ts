import { test } from 'bun:test';
import { content } from '../../src/features/content/index.ts';
import { expectAgreement, expectAgreementAfterChanges, PROPERTY_TIMEOUT_MS } from '../oracle/agreement.ts';
import { contentOracle } from '../oracle/content.ts';

const holdings = ['Courses', 'Videos'] as const;

test(
  'the content snapshot is what the contract says, on any company',
  () => expectAgreement(content, contentOracle, holdings),
  PROPERTY_TIMEOUT_MS,
);

test(
  'it stays so whatever changes, and so do its rollups',
  () => expectAgreementAfterChanges(content, contentOracle, holdings),
  PROPERTY_TIMEOUT_MS,
);
