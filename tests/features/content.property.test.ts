import { test } from 'bun:test';
import { content } from '../../src/features/content/index.ts';
import { expectAgreement } from '../oracle/agreement.ts';
import { contentOracle } from '../oracle/content.ts';
import { onEverySqlEngine, timeout } from '../oracle/engines.ts';

onEverySqlEngine((trial) => {
  test(
    'the content snapshot is what the contract says, on any company',
    () => expectAgreement(content, contentOracle, ['Courses', 'Videos'], trial),
    timeout(trial),
  );
});
