import { test } from 'bun:test';
import { claims } from '../../src/features/claims/index.ts';
import { expectAgreement } from '../oracle/agreement.ts';
import { claimsOracle } from '../oracle/claims.ts';
import { onEverySqlEngine, timeout } from '../oracle/engines.ts';

onEverySqlEngine((trial) => {
  test(
    'the claims snapshot is what the contract says, on any company',
    () => expectAgreement(claims, claimsOracle, ['AspNetUsers', 'Payments', 'Claims'], trial),
    timeout(trial),
  );
});
