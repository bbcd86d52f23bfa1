/**
 * Random numbers that are equal on every machine.
 *
 * The generator is sfc32, Chris Doty-Humphrey's "Small Fast Counting" (PractRand, RNG_engines.txt); its state comes from
 * a SplitMix sequence (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014) with 32-bit
 * mixing constants from Chris Wellons' hash prospector. Only whole-number arithmetic, `+ - * /` and nothing from
 * `Math` whose last digit may differ between engines.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  /** @param state four 32-bit whole numbers; `randomStream` derives them from a seed */
  constructor(state: readonly [number, number, number, number]) {
    [this.#a, this.#b, this.#c, this.#counter] = state;
  }

  /** A whole number from 0 to 2^32 − 1. */
  next(): number {
    const result = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** A number from 0 to below 1. */
  fraction(): number {
    return this.next() / TWO_TO_32;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** A whole number from `lowest` to `highest`, both included. */
  between(lowest: number, highest: number): number {
    return lowest + this.below(highest - lowest + 1);
  }

  /** True with a probability of `share` (0 to 1). */
  chance(share: number): boolean {
    return this.fraction() < share;
  }

  /** @throws RangeError if there is nothing to pick from */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('There is nothing to pick from');
    return item;
  }
}

const TWO_TO_32 = 4_294_967_296;
const WARM_UP_ROUNDS = 12;

/**
 * Creates an independent stream for a purpose: the numbers of one table never change those of another.
 *
 * @param seed any whole number that a double holds exactly
 * @param purpose names the stream, usually by its table
 */
export function randomStream(seed: number, purpose: string): Random {
  const low = splitMix(hashName(purpose) ^ (seed | 0))();
  const mix = splitMix(low ^ Math.floor(seed / TWO_TO_32));
  const random = new Random([mix(), mix(), mix(), 1]);
  for (let round = 0; round < WARM_UP_ROUNDS; round++) random.next();
  return random;
}

function splitMix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

/** FNV-1a, 32 bits. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash;
}

/** A value, and its frequency relative to the others. */
export type Weights<Item> = readonly (readonly [item: Item, weight: number])[];

/** Weights of words. */
export function shares(weights: Readonly<Record<string, number>>): Weights<string> {
  return Object.entries(weights);
}

/**
 * Picks values by weight.
 *
 * @example const method = weighted([['pix', 3], ['boleto', 1]]); method(random) // 'pix' in three of four
 * @throws RangeError if there is nothing to pick from
 */
export function weighted<Item>(weights: Weights<Item>): (random: Random) => Item {
  const items = weights.map(([item]) => item);
  const last = items.at(-1);
  if (last === undefined) throw new RangeError('There is nothing to pick from');
  let total = 0;
  const limits = Float64Array.from(weights, ([, weight]) => {
    total += weight;
    return total;
  });
  return (random) => {
    const drawn = random.fraction() * total;
    let index = 0;
    while (drawn >= (limits[index] ?? total)) index++;
    return items[index] ?? last;
  };
}

/** One of several mixes, by age: the first whose limit is above the age; beyond all limits, the last. */
export function weightedByAge<Item>(
  mixes: readonly (readonly [ageBelow: number, weights: Weights<Item>])[],
): (random: Random, age: number) => Item {
  const limits = Float64Array.from(mixes, ([ageBelow]) => ageBelow);
  const draws = mixes.map(([, weights]) => weighted(weights));
  const last = draws.at(-1);
  if (last === undefined) throw new RangeError('There is nothing to pick from');
  return (random, age) => {
    let index = 0;
    while (age >= (limits[index] ?? Number.POSITIVE_INFINITY)) index++;
    return (draws[index] ?? last)(random);
  };
}
