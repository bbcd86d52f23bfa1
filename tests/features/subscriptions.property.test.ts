import { test } from 'bun:test';
import { subscriptions } from '../../src/features/subscriptions/index.ts';
import { expectAgreement } from '../oracle/agreement.ts';
import { onEverySqlEngine, timeout } from '../oracle/engines.ts';
import { subscriptionsOracle } from '../oracle/subscriptions.ts';

onEverySqlEngine((trial) => {
  test(
    'the subscriptions snapshot is what the contract says, on any company',
    () => expectAgreement(subscriptions, subscriptionsOracle, ['AspNetUsers', 'Subscriptions', 'Plans'], trial),
    timeout(trial),
  );
});
