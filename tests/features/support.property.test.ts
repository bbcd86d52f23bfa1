import { test } from 'bun:test';
import { support } from '../../src/features/support/index.ts';
import { expectAgreement, expectAgreementAfterChanges, PROPERTY_TIMEOUT_MS } from '../oracle/agreement.ts';
import { supportOracle } from '../oracle/support.ts';

const holdings = ['support_tickets', 'logs'] as const;

test(
  'the support snapshot is what the contract says, on any company',
  () => expectAgreement(support, supportOracle, holdings),
  PROPERTY_TIMEOUT_MS,
);

test(
  'it stays so whatever changes, and so do its rollups',
  () => expectAgreementAfterChanges(support, supportOracle, holdings),
  PROPERTY_TIMEOUT_MS,
);
