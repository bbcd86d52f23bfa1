import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { hostOf, isPrivateName, kindOfPrivateAddress } from '../../../src/core/outlets/private-address.ts';

/** The first and the last address of each block, as a table of numbers apart from the one in the code. */
const PRIVATE_RANGES: readonly (readonly [string, string])[] = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['224.0.0.0', '239.255.255.255'],
  ['240.0.0.0', '255.255.255.255'],
];

const numberOf = (address: string) => address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
const bytesOf = (number: number) => [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256);
const addressOf = (number: number) => bytesOf(number).join('.');

const hex = (number: number) => number.toString(16);
const groups = (number: number) => `${hex(Math.floor(number / 65_536))}:${hex(number % 65_536)}`;

/** Ways to write an IPv4 address in a URL (WHATWG URL, "IPv4 parser"), and inside IPv6. */
const SPELLINGS: readonly ((number: number) => string)[] = [
  addressOf,
  String,
  (number) => `0x${hex(number)}`,
  (number) => `0${number.toString(8)}`,
  (number) => `0x${hex(bytesOf(number)[0] ?? 0)}.${number % 2 ** 24}`,
  (number) =>
    bytesOf(number)
      .map((byte) => `0${byte.toString(8)}`)
      .join('.'),
  (number) =>
    bytesOf(number)
      .map((byte) => `0X${hex(byte).toUpperCase()}`)
      .join('.'),
  (number) => `${bytesOf(number).slice(0, 2).join('.')}.${number % 65_536}`,
  (number) => `${addressOf(number)}.`,
  (number) => addressOf(number).replaceAll('.', '。'),
  (number) => addressOf(number).replaceAll('1', '%31'),
  (number) => `[::ffff:${addressOf(number)}]`,
  (number) => `[::FFFF:${groups(number)}]`,
  (number) => `[0:0:0:0:0:ffff:${groups(number)}]`,
  (number) => `[64:ff9b::${addressOf(number)}]`,
];

const kindOfUrl = (host: string) => kindOfPrivateAddress(hostOf(new URL(`https://${host}/`)));

const privateNumbers = fc
  .constantFrom(...PRIVATE_RANGES)
  .chain(([first, last]) =>
    fc.oneof(
      fc.constantFrom(numberOf(first), numberOf(last)),
      fc.integer({ min: numberOf(first), max: numberOf(last) }),
    ),
  );

describe('an address of IPv4', () => {
  test('in a private block is found in every spelling', () => {
    fc.assert(
      fc.property(privateNumbers, fc.constantFrom(...SPELLINGS), (number, spell) => {
        expect(kindOfUrl(spell(number))).toBeString();
      }),
      { numRuns: 2_000 },
    );
  });

  test('on the public internet is let through in every spelling', () => {
    const isReserved = (number: number) =>
      PRIVATE_RANGES.some(([first, last]) => number >= numberOf(first) && number <= numberOf(last)) ||
      // Blocks for documentation and protocols.
      ['192.0.0', '192.0.2', '192.88.99', '198.51.100', '203.0.113'].includes(bytesOf(number).slice(0, 3).join('.'));
    const publicNumbers = fc.integer({ min: 0, max: 2 ** 32 - 1 }).filter((number) => !isReserved(number));
    fc.assert(
      fc.property(publicNumbers, fc.constantFrom(...SPELLINGS), (number, spell) => {
        expect(kindOfUrl(spell(number))).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  test('is let through just outside of a block', () => {
    for (const address of ['9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255']) {
      expect(kindOfPrivateAddress(address)).toBeUndefined();
    }
    for (const address of ['128.0.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '1.0.0.0']) {
      expect(kindOfPrivateAddress(address)).toBeUndefined();
    }
  });
});

describe('an address of IPv6', () => {
  test.each([
    ...['::', '::1', '0:0:0:0:0:0:0:1', '::127.0.0.1', 'fc00::', 'fdff:ffff::1', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
    ...[
      'fec0::1',
      'ff02::1',
      '2001:db8::1',
      '2001::1',
      '2002:7f00:1::',
      '100::1',
      '64:ff9b:1::1',
      '3fff::1',
      '5f00::1',
    ],
    ...['4000::1', '::ffff:0:127.0.0.1', '64:ff9b::'],
  ])('%s is not public', (address) => {
    expect(kindOfPrivateAddress(address)).toBeString();
  });

  test.each([
    '2606:4700:4700::1111',
    '2a00:1450:4001::200e',
    '2001:4860:4860::8888',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
  ])('%s is public', (address) => {
    expect(kindOfPrivateAddress(address)).toBeUndefined();
  });

  test('outside of 2000::/3 is never public unless it stands for one of IPv4', () => {
    const outside = fc.ipV6().filter((text) => {
      const hostname = URL.parse(`http://[${text}]`)?.hostname ?? '';
      return !/^\[(?:[23][\da-f]{3}:|::ffff:|64:ff9b::)/.test(hostname);
    });
    fc.assert(fc.property(outside, (address) => expect(kindOfPrivateAddress(address)).toBeString()));
  });
});

test('private names are known by their endings', () => {
  for (const name of [
    'localhost',
    'LOCALHOST.',
    'a.localhost',
    'printer.local',
    'metadata.google.internal',
    'home.arpa',
  ]) {
    expect(isPrivateName(name)).toBe(true);
  }
  for (const name of ['localhost.example', 'notlocal', 'local.example', 'internals', 'hooks.slack.com']) {
    expect(isPrivateName(name)).toBe(false);
  }
});
