import { test } from 'bun:test';
import { claims } from '../../src/features/claims/index.ts';
import { expectAgreement, expectAgreementAfterChanges, PROPERTY_TIMEOUT_MS } from '../oracle/agreement.ts';
import { claimsOracle } from '../oracle/claims.ts';

test(
  'the claims figures are what the contract says, on any company',
  () => expectAgreement(claims, claimsOracle, ['AspNetUsers', 'Payments', 'Claims']),
  PROPERTY_TIMEOUT_MS,
);

test(
  'and after any sequence of changes',
  () => expectAgreementAfterChanges(claims, claimsOracle, ['AspNetUsers', 'Payments', 'Claims']),
  PROPERTY_TIMEOUT_MS,
);
