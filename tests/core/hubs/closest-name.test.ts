import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { closestName } from '../../../src/core/hubs/closest-name.ts';

const NAMES = ['GetInitialData', 'ForceUpdate', 'SubscribeToStatus', 'claims', 'all'];

describe('the closest name', () => {
  test.each([
    ['forceupdate', 'ForceUpdate'],
    ['FORCE_UPDATE', 'ForceUpdate'],
    ['force-update', 'ForceUpdate'],
    ['ForceUpdat', 'ForceUpdate'],
    ['ForceUpdates', 'ForceUpdate'],
    ['FroceUpdate', 'ForceUpdate'],
    ['FrocUpdate', 'ForceUpdate'],
    ['GetIntialData', 'GetInitialData'],
    ['claim', 'claims'],
    ['calims', 'claims'],
    ['ALL', 'all'],
  ])('to %s is %s', (written, meant) => {
    expect(closestName(written, NAMES)).toBe(meant);
  });

  test.each(['', '…', 'Update', 'al', 'ale', 'clm', 'NoSuchMethod', '__proto__', 'x'.repeat(1_000_000)])(
    'to %.20s is none',
    (written) => {
      expect(closestName(written, NAMES)).toBeUndefined();
    },
  );

  test('is found after any one slip in any place', () => {
    const name = 'SubscribeToStatus';
    const slips = fc.tuple(fc.nat(name.length - 1), fc.constantFrom('leave out', 'double', 'replace', 'swap'));
    fc.assert(
      fc.property(slips, ([at, slip]) => {
        const [before, letter = '', after] = [name.slice(0, at), name[at], name.slice(at + 1)];
        const made = { 'leave out': '', double: letter + letter, replace: 'z', swap: '' }[slip] ?? '';
        const written = slip === 'swap' ? before + after.slice(0, 1) + letter + after.slice(1) : before + made + after;
        expect(closestName(written, NAMES)).toBe(name);
      }),
    );
  });
});
