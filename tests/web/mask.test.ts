import { expect, test } from 'bun:test';
import { maskedEmail, maskedName } from '../../src/web/table/mask.ts';

test('of a name the first part and an initial are left', () => {
  expect(maskedName('Ana Souza')).toBe('Ana S•••');
  expect(maskedName('  João  Paulo da Silva ')).toBe('João S•••');
  expect(maskedName('Ana')).toBe('A•••');
  expect(maskedName('😀 Álvaro')).toBe('😀 Á•••');
});

test('of an address an initial and the host are left', () => {
  expect(maskedEmail('ana.souza@example.com')).toBe('a•••@example.com');
  expect(maskedEmail('no address')).toBe('•••');
  expect(maskedEmail('@example.com')).toBe('•••');
});
