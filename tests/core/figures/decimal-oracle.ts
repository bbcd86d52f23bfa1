/**
 * Long division, digit by digit, as on paper: `above / below` as decimal text, rounded half away from zero; `0` over
 * nothing. It shares no arithmetic with what it is compared with.
 */
export function decimalText(above: bigint, below: bigint, places: number): string {
  if (below === 0n) return '0';
  const [numerator, denominator] = [above, below].map((value) => value.toString().replace('-', ''));
  const divisor = BigInt(denominator ?? '');
  let rest = 0n;
  let digits = '';
  for (const digit of `${numerator}${'0'.repeat(places)}`) {
    rest = rest * 10n + BigInt(digit);
    let times = 0;
    for (; rest >= divisor; times++) rest -= divisor;
    digits += times;
  }
  if (rest + rest >= divisor) digits = incremented(digits);
  digits = digits.padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  const isZero = /^[0.]*$/.test(digits);
  return above < 0n !== below < 0n && !isZero ? `-${text}` : text;
}

/** One more than a number of decimal digits: `199` becomes `200`, `99` becomes `100`. */
function incremented(digits: string): string {
  const nines = /9*$/.exec(digits)?.[0].length ?? 0;
  const head = digits.slice(0, digits.length - nines);
  const last = head.slice(-1);
  return `${head.slice(0, -1)}${last === '' ? 1 : Number(last) + 1}${'0'.repeat(nines)}`;
}
