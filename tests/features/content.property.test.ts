import { test } from 'bun:test';
import { content } from '../../src/features/content/index.ts';
import { expectAgreement, timeout } from '../oracle/agreement.ts';
import { contentOracle } from '../oracle/content.ts';

test(
  'the content snapshot is what the contract says, on any company',
  () => expectAgreement(content, contentOracle, ['Courses', 'Videos']),
  timeout,
);
