import { test } from 'bun:test';
import { subscriptions } from '../../src/features/subscriptions/index.ts';
import { expectAgreement, expectAgreementAfterChanges, PROPERTY_TIMEOUT_MS } from '../oracle/agreement.ts';
import { subscriptionsOracle } from '../oracle/subscriptions.ts';

test(
  'the figures of subscriptions are what the contract says, on any company',
  () => expectAgreement(subscriptions, subscriptionsOracle, ['AspNetUsers', 'Subscriptions', 'Plans']),
  PROPERTY_TIMEOUT_MS,
);

test(
  'and after any sequence of changes',
  () => expectAgreementAfterChanges(subscriptions, subscriptionsOracle, ['AspNetUsers', 'Subscriptions', 'Plans']),
  PROPERTY_TIMEOUT_MS,
);
