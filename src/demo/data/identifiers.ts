import type { Instant } from '../../core/figures/calendar.ts';
import type { Random } from './random.ts';

const DIGITS = new TextEncoder().encode('0123456789abcdef');
/** Version and variant digits are in place; the others are replaced for each key. */
const uuid = Buffer.from('00000000-0000-7000-8000-000000000000');
const TWO_TO_16 = 65_536;

/** Writes the lowest bits of a number as hexadecimal digits. */
function writeHex(bytes: Uint8Array, at: number, bits: number, digits: number): void {
  for (let index = at + digits - 1, rest = bits; index >= at; index--, rest >>>= 4)
    bytes[index] = DIGITS[rest & 15] ?? 0;
}

/**
 * A UUID of version 7 (RFC 9562). It starts with the time, so keys sort in the order of their creation, as those of the
 * back end do.
 */
export function uuidAt(instant: Instant, random: Random): string {
  const high = Math.floor(instant / TWO_TO_16);
  const first = random.next();
  writeHex(uuid, 0, high, 8);
  writeHex(uuid, 9, instant - high * TWO_TO_16, 4);
  writeHex(uuid, 15, first, 3);
  writeHex(uuid, 20, first >>> 12, 3);
  writeHex(uuid, 24, random.next(), 6);
  writeHex(uuid, 30, random.next(), 6);
  return uuid.toString('latin1');
}

const preapproval = Buffer.from(`2c938084${'0'.repeat(24)}`);
const objectId = Buffer.from('0'.repeat(24));

/** A subscription id of Mercado Pago: 32 hexadecimal digits. */
export function preapprovalId(random: Random): string {
  for (let at = 8; at < preapproval.length; at += 8) writeHex(preapproval, at, random.next(), 8);
  return preapproval.toString('latin1');
}

/** An ObjectId's 24 hexadecimal digits: seconds since 1970, then random ones. */
export function objectIdAt(instant: Instant, random: Random): string {
  writeHex(objectId, 0, Math.floor(instant / 1000), 8);
  writeHex(objectId, 8, random.next(), 8);
  writeHex(objectId, 16, random.next(), 8);
  return objectId.toString('latin1');
}

/**
 * A payment id of Mercado Pago. Ids grow with gaps and stay below 2^53, so text and number are equal.
 *
 * @param ordinal the number of earlier payments
 */
export function mercadoPagoPaymentId(ordinal: number, random: Random): number {
  return 54_000_000_000 + ordinal * 991 + random.below(991);
}

/** Our own key of a payment. Keys sort in the order of their creation. */
export function paymentKey(ordinal: number): string {
  return `GREG-${String(1_000_000 + ordinal)}`;
}
