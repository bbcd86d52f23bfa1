import { BlockList, isIP } from 'node:net';

/**
 * Addresses that are not on the public internet: IANA's registries of special-purpose addresses (RFC 6890), multicast
 * (RFC 5771, RFC 4291) and the deprecated blocks of IPv6.
 */
const BLOCKS: readonly (readonly [subnet: string, prefix: number, kind: string])[] = [
  ['0.0.0.0', 8, 'an address of this machine'],
  ['10.0.0.0', 8, 'a private address'],
  ['100.64.0.0', 10, "an address of a provider's own network"],
  ['127.0.0.0', 8, 'an address of this machine'],
  ['169.254.0.0', 16, 'a link-local address'],
  ['172.16.0.0', 12, 'a private address'],
  ['192.0.0.0', 24, 'a reserved address'],
  ['192.0.2.0', 24, 'an address for documentation'],
  ['192.88.99.0', 24, 'a reserved address'],
  ['192.168.0.0', 16, 'a private address'],
  ['198.18.0.0', 15, 'an address for benchmarks'],
  ['198.51.100.0', 24, 'an address for documentation'],
  ['203.0.113.0', 24, 'an address for documentation'],
  ['224.0.0.0', 4, 'a multicast address'],
  ['240.0.0.0', 4, 'a reserved address'],
  ['::', 127, 'an address of this machine'],
  ['fc00::', 7, 'a private address'],
  ['fe80::', 10, 'a link-local address'],
  ['fec0::', 10, 'a private address'],
  ['ff00::', 8, 'a multicast address'],
  ['2001::', 23, 'a reserved address'],
  ['2001:db8::', 32, 'an address for documentation'],
  ['2002::', 16, 'a 6to4 address'],
  ['3fff::', 20, 'an address for documentation'],
];

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

const KINDS = BLOCKS.map(([subnet, prefix, kind]) => ({ block: blockOf(subnet, prefix), kind }));
/** Every other address of IPv6 is reserved (RFC 4291, section 2.4; IANA, "IPv6 Global Unicast Address Assignments"). */
const GLOBAL_UNICAST = blockOf('2000::', 3);

function blockOf(subnet: string, prefix: number): BlockList {
  const block = new BlockList();
  block.addSubnet(subnet, prefix, familyOf(subnet));
  return block;
}

/**
 * What a private address is, in words: `a private address`. Undefined for an address on the public internet.
 *
 * @param address IPv4, or IPv6 without brackets
 */
export function kindOfPrivateAddress(address: string): string | undefined {
  const canonical = canonicalAddress(address);
  if (canonical === undefined) return 'not an address';
  const family = familyOf(canonical);
  const found = KINDS.find(({ block }) => block.check(canonical, family));
  if (found !== undefined) return found.kind;
  return family === 'ipv4' || GLOBAL_UNICAST.check(canonical, family) ? undefined : 'a reserved address';
}

/**
 * An address in the spelling of WHATWG URL. For a mapped address (RFC 4291, section 2.5.5.2) and one of NAT64 (RFC 6052) it is
 * the address of IPv4 that is reached through it.
 */
function canonicalAddress(address: string): string | undefined {
  const plain = address.replace(/%.*$/, '');
  if (isIP(plain) !== 6) return isIP(plain) === 4 ? plain : undefined;
  const url = URL.parse(`http://[${plain}]`);
  if (url === null) return undefined;
  const [, high, low] = /^\[(?:::ffff:|64:ff9b::)([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(url.hostname) ?? [];
  if (high === undefined || low === undefined) return hostOf(url);
  return [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]).join('.');
}

/** Names that never stand for a place on the public internet (RFC 6761, 6762, 8375; ICANN for `internal`). */
export function isPrivateName(host: string): boolean {
  return /(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/i.test(host);
}

/** The host of an address as the system takes it: without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
