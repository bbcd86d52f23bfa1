import { test } from 'bun:test';
import { subscriptions } from '../../src/features/subscriptions/index.ts';
import { expectAgreement, timeout } from '../oracle/agreement.ts';
import { subscriptionsOracle } from '../oracle/subscriptions.ts';

test(
  'the subscriptions snapshot is what the contract says, on any company',
  () => expectAgreement(subscriptions, subscriptionsOracle, ['AspNetUsers', 'Subscriptions', 'Plans']),
  timeout,
);
