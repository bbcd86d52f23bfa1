import { describe, test } from 'bun:test';
import { features } from '../../src/features/index.ts';
import { expectAgreement, expectAgreementAfterChanges, PROPERTY_TIMEOUT_MS } from '../oracle/agreement.ts';
import { HOLDINGS, oracleOf } from '../oracle/every-oracle.ts';

describe.each(features.map((feature) => [feature.name, feature] as const))('the %s snapshot', (name, feature) => {
  const holdings = HOLDINGS[feature.source].filter((holding) => holding in feature.reads);

  test(
    'is what its oracle says, on any company',
    () => expectAgreement(feature, oracleOf(name), holdings),
    PROPERTY_TIMEOUT_MS,
  );

  test(
    'stays so whatever changes, and so do its rollups',
    () => expectAgreementAfterChanges(feature, oracleOf(name), holdings),
    PROPERTY_TIMEOUT_MS,
  );
});
