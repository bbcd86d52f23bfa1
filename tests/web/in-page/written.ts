type Unit = 'BRL' | 'count' | 'percent' | 'days' | 'minutes' | 'bytes' | 'megabytes' | 'gigabytes';

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/**
 * How a figure is to be written, by `Intl` alone.
 *
 * @param precise with every digit; otherwise as at a glance: no cents from R$ 1,000, else one decimal
 */
export function written(locale: string, value: number, unit: Unit, precise: boolean): string {
  const digits = precise ? 2 : 1;
  const write = (number: number, options: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits, ...options }).format(number);
  switch (unit) {
    case 'BRL': {
      const cents = precise || Math.abs(value) < 1000 ? 2 : 0;
      const fraction = { minimumFractionDigits: cents, maximumFractionDigits: cents };
      return write(value, { style: 'currency', currency: 'BRL', ...fraction });
    }
    case 'count':
      return write(value, {});
    case 'percent':
      return write(value / 100, { style: 'percent' });
    case 'days':
      return write(value, { style: 'unit', unit: 'day', unitDisplay: 'long' });
    case 'minutes': {
      const isLong = value >= 600;
      const fraction = isLong && !precise ? { maximumFractionDigits: 0 } : {};
      const unitOf = isLong ? 'hour' : 'minute';
      return write(isLong ? value / 60 : value, { style: 'unit', unit: unitOf, unitDisplay: 'short', ...fraction });
    }
    case 'bytes':
      return writtenSize(value, 0, write);
    case 'megabytes':
      return writtenSize(value, 2, write);
    case 'gigabytes':
      return writtenSize(value, 3, write);
  }
}

/** Bytes in the largest unit of which there is a whole one; figures of a larger unit in theirs, unless hundredths tell all. */
function writtenSize(
  value: number,
  given: number,
  write: (value: number, options: Intl.NumberFormatOptions) => string,
): string {
  const steps = BYTE_UNITS.map((_, index) => value / 1024 ** (index - given));
  const exponent = steps.findLastIndex(
    (step, index) => index > given && Math.abs(step) >= 1 && (given === 0 || Number(step.toFixed(2)) === step),
  );
  const chosen = Math.max(given, exponent);
  const size = steps[chosen] ?? value;
  const fraction = given > 0 && Math.abs(size) < 1 ? { maximumFractionDigits: 2 } : {};
  return write(size, { style: 'unit', unit: BYTE_UNITS[chosen] ?? 'byte', unitDisplay: 'short', ...fraction });
}
