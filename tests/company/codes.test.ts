import { describe, expect, test } from 'bun:test';
import {
  CHARGEBACK_STATUSES,
  CLAIM_STATUSES,
  claimResourceTypes,
  claimStages,
  claimTypes,
  paymentStatuses,
  subscriptionStatuses,
  VIDEO_STATUSES,
} from '../../src/company/codes.ts';
import { contractCodes } from './contract-tables.ts';

describe('the codes of the contract', () => {
  test.each([
    ['Payments.Status', paymentStatuses, 10],
    ['Subscriptions.Status', subscriptionStatuses, 7],
    ['Claims.Type', claimTypes, 5],
    ['ResourceType', claimResourceTypes, 4],
    ['CurrentStage', claimStages, 4],
  ] as const)('of %s are known with their other spellings', (column, list, count) => {
    const listed = contractCodes(column).map((entry) => /^(\w+)(?: \((.+)\))?$/.exec(entry) ?? []);
    expect(listed.map(([, code = '']) => code)).toEqual([...list.codes]);
    expect(listed).toHaveLength(count);
    for (const [, code = '', alias] of listed) {
      for (const spelling of alias === undefined ? [code] : [code, alias]) {
        expect(list.name(spelling)).toBe(code);
        expect(list.name(`  ${spelling.toUpperCase()} `)).toBe(code);
      }
    }
  });

  test('of Claims.Type are known by their ordinal too', () => {
    expect(['0', '1', '2', '3', '4'].map((ordinal) => claimTypes.name(ordinal))).toEqual(contractCodes('Claims.Type'));
  });

  test.each([
    ['Claims.Status', CLAIM_STATUSES],
    ['Chargebacks.Status', CHARGEBACK_STATUSES],
    ['Videos.Status', VIDEO_STATUSES],
  ] as const)('of %s are known by their number', (column, names) => {
    expect(names.map((name, number) => `${number} ${name}`)).toEqual(contractCodes(column));
  });
});
