import { test } from 'bun:test';
import { support } from '../../src/features/support/index.ts';
import { expectAgreement } from '../oracle/agreement.ts';
import { onEveryDocumentEngine, timeout } from '../oracle/engines.ts';
import { supportOracle } from '../oracle/support.ts';

onEveryDocumentEngine((trial) => {
  test(
    'the support snapshot is what the contract says, on any company',
    () => expectAgreement(support, supportOracle, ['support_tickets', 'logs'], trial),
    timeout(trial),
  );
});
