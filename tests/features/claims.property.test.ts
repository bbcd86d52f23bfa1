import { test } from 'bun:test';
import { claims } from '../../src/features/claims/index.ts';
import { expectAgreement, timeout } from '../oracle/agreement.ts';
import { claimsOracle } from '../oracle/claims.ts';

test(
  'the claims snapshot is what the contract says, on any company',
  () => expectAgreement(claims, claimsOracle, ['AspNetUsers', 'Payments', 'Claims']),
  timeout,
);
