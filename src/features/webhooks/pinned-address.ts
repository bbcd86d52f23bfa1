import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { RefusedError, RetryLaterError } from '../../core/outlets/outlet-errors.ts';
import { hostOf, isPrivateName, kindOfPrivateAddress } from '../../core/outlets/private-address.ts';
import { withSignal } from '../../core/runtime/with-signal.ts';

/** The addresses of a name, the one to try first at the front. Rejects if there is none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** As the system does, with its hosts file. IPv4 first: many hosts have no route for IPv6. */
export const resolveBySystem: Resolve = async (host) =>
  (await lookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address);

/** A lookup that takes longer has failed, ms. */
const LOOKUP_WITHIN_MS = 10_000;

/** A receiver at an address that was checked. */
export interface PinnedAddress {
  /** The IP address that is called. */
  readonly address: string;
  /** What `fetch` calls: the URL with the IP address in place of the name. */
  readonly url: string;
  readonly host: string;
  /** For TLS: the name that the certificate must be for. Undefined if the URL has an IP address. */
  readonly serverName: string | undefined;
}

export interface PinOptions {
  readonly allowPrivate: boolean;
  readonly resolve: Resolve;
  readonly signal: AbortSignal;
  /** Counts failed attempts: each takes the next address. */
  readonly attempt: number;
}

/**
 * Looks a receiver up, checks every address and takes one. `fetch` then calls that address and looks nothing up: a name that
 * stands for a public address now and for a private one a moment later (DNS rebinding) gains nothing.
 *
 * @throws RefusedError if the receiver is not on the public internet
 * @throws RetryLaterError if it cannot be looked up
 */
export async function pinAddress(url: URL, options: PinOptions): Promise<PinnedAddress> {
  const { allowPrivate, attempt } = options;
  const host = hostOf(url);
  const isLiteral = isIP(host) !== 0;
  if (!allowPrivate && isPrivateName(host)) throw new RefusedError(`${host} is a private name; ${ALLOW}`);
  const addresses = isLiteral ? [host] : await addressesOf(host, options);
  for (const address of allowPrivate ? [] : addresses) {
    const kind = kindOfPrivateAddress(address);
    if (kind !== undefined) {
      const found = isLiteral ? `${host} is ${kind}` : `${host} stands for ${address}, ${kind}`;
      throw new RefusedError(`${found}; ${ALLOW}`);
    }
  }
  const address = addresses[attempt % addresses.length];
  if (address === undefined) throw new RetryLaterError(`${host} has no address`);
  const pinned = new URL(url);
  pinned.hostname = isIP(address) === 6 ? `[${address}]` : address;
  // A final dot ends a name in DNS, and belongs neither to the name in TLS nor in a certificate.
  const serverName = isLiteral ? undefined : host.replace(/\.$/, '');
  return { address, url: pinned.href, host: url.host, serverName };
}

const ALLOW = 'NOTIFY_ALLOW_PRIVATE=true allows that';

async function addressesOf(host: string, { resolve, signal }: PinOptions): Promise<readonly string[]> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(LOOKUP_WITHIN_MS)]);
  try {
    return await withSignal(resolve(host), within);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    throw new RetryLaterError(`${host} cannot be looked up (${code})`);
  }
}
