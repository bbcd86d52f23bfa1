/** How a body may be compressed, the best first: of codings that a client likes equally, the first is taken. */
export const CODINGS = ['br', 'zstd', 'gzip'] as const;
export type Coding = (typeof CODINGS)[number];

/** Smaller bodies fit in one packet, compressed or not. */
export const SMALLEST_COMPRESSED_BYTES = 1024;

/** What a header asks for. */
interface Preference {
  readonly coding: Coding | undefined;
  /** Whether the body must not leave as it is, if that can be helped. */
  readonly refusesPlain: boolean;
}

/** Headers that were read already: clients send few different ones. The map is emptied when it is full. */
const remembered = new Map<string, Preference>();
const MOST_REMEMBERED = 100;
const LONGEST_REMEMBERED = 200;

/**
 * The coding of a body for a client (RFC 9110, section 12.5.3); undefined to leave the body as it is.
 *
 * A client that accepts none of ours gets the body as it is: the section allows that instead of a 406, which would help
 * nobody.
 *
 * @param acceptEncoding the header; null where there is none
 */
export function codingFor(acceptEncoding: string | null, bytes: number): Coding | undefined {
  if (acceptEncoding === null) return undefined;
  const { coding, refusesPlain } = remembered.get(acceptEncoding) ?? remember(acceptEncoding);
  return bytes >= SMALLEST_COMPRESSED_BYTES || refusesPlain ? coding : undefined;
}

function remember(header: string): Preference {
  const preference = preferenceOf(header);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  if (header.length <= LONGEST_REMEMBERED) remembered.set(header, preference);
  return preference;
}

function preferenceOf(header: string): Preference {
  const weights = weightsOf(header);
  const others = weights.get('*');
  // Unless a client says otherwise, it takes the body as it is, though anything else rather.
  const plain = weights.get('identity') ?? others ?? 0;
  const refusesPlain = plain === 0 && (weights.has('identity') || others !== undefined);
  let coding: Coding | undefined;
  let best = 0;
  for (const candidate of CODINGS) {
    const weight = weights.get(candidate) ?? others ?? 0;
    if (weight > best && weight >= plain) [coding, best] = [candidate, weight];
  }
  return { coding, refusesPlain };
}

/** Weights by coding in lower case; an element that is malformed does not count. */
function weightsOf(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const element of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = element.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
    const value = weight === undefined ? 1 : weightOf(weight);
    if (name === '' || value === undefined) continue;
    const coding = name === 'x-gzip' ? 'gzip' : name;
    weights.set(coding, Math.max(value, weights.get(coding) ?? 0));
  }
  return weights;
}

/** RFC 9110, section 12.4.2. */
function weightOf(parameter: string): number | undefined {
  const digits = /^q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.exec(parameter)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
