import { describe, expect, test } from 'bun:test';
import { createFormat } from '../../src/web/format/format.ts';

const pt = createFormat('pt-BR', 'America/Sao_Paulo');
const en = createFormat('en', 'America/Sao_Paulo');

/** `Intl` writes spaces that do not break; they look like any other. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}

describe('figures are written by their unit', () => {
  test.each([
    ['BRL', 519137.11, 'R$ 519.137', 'R$ 519.137,11', 'R$ 519,1 mil'],
    ['BRL', 156.03, 'R$ 156,03', 'R$ 156,03', 'R$ 156'],
    ['BRL', 0, 'R$ 0,00', 'R$ 0,00', 'R$ 0'],
    ['percent', 65.95, '66%', '65,95%', '66%'],
    ['percent', 3.02, '3%', '3,02%', '3%'],
    ['percent', 0.02, '<0,1%', '0,02%', '<0,1%'],
    ['percent', 0.001, '<0,1%', '<0,01%', '<0,1%'],
    ['percent', 0, '0%', '0%', '0%'],
    ['count', 47643, '47.643', '47.643', '47,6 mil'],
    ['days', 29.91, '29,9 dias', '29,91 dias', '29,9 dias'],
    ['days', 1, '1 dia', '1 dia', '1 dia'],
    ['minutes', 42, '42 min', '42 min', '42 min'],
    ['minutes', 15968.32, '266 h', '266,14 h', '266,1 h'],
    ['bytes', 446459902659, '415,8 GB', '415,8 GB', '415,8 GB'],
    ['bytes', 1023, '1.023 bytes', '1.023 bytes', '1 mil bytes'],
    ['megabytes', 896.9, '896,9 MB', '896,9 MB', '896,9 MB'],
    ['megabytes', 3072, '3 GB', '3 GB', '3 GB'],
    ['megabytes', 1500.25, '1.500,3 MB', '1.500,25 MB', '1,5 mil MB'],
    ['megabytes', 0.18, '0,18 MB', '0,18 MB', '0,18 MB'],
    ['gigabytes', 0.07, '0,07 GB', '0,07 GB', '0,07 GB'],
    ['gigabytes', 0.89, '0,89 GB', '0,89 GB', '0,89 GB'],
    ['gigabytes', 0, '0 GB', '0 GB', '0 GB'],
    ['gigabytes', 1536, '1,5 TB', '1,5 TB', '1,5 TB'],
  ] as const)('%s %p in Portuguese', (unit, value, glance, exact, compact) => {
    expect(plain(pt.glance(value, unit))).toBe(glance);
    expect(plain(pt.exact(value, unit))).toBe(exact);
    expect(plain(pt.compact(value, unit))).toBe(compact);
  });

  test('English has its own marks', () => {
    expect(plain(en.exact(519137.11, 'BRL'))).toBe('R$519,137.11');
    expect(plain(en.compact(12345, 'count'))).toBe('12.3K');
  });

  test('a change has a sign, and none where nothing changed', () => {
    expect(plain(pt.change(3, 'count'))).toBe('+3');
    expect(plain(pt.change(-1234.5, 'BRL'))).toBe('-R$ 1.235');
    expect(pt.change(0, 'count')).toBe('0');
    expect(pt.change(0.35, 'percent')).toBe('+0,35 p.p.');
    expect(en.change(-2, 'percent')).toBe('-2 pp');
    expect(pt.changeRatio(0.032)).toBe('+3,2%');
    expect(pt.changeRatio(-0.5)).toBe('-50%');
  });
});

describe('a calendar day is the same in every zone of the reader', () => {
  // The zone of the process stands for that of the browser.
  test.each(['America/Los_Angeles', 'UTC', 'Asia/Tokyo', 'Pacific/Kiritimati'])('%s', (zone) => {
    const before = process.env.TZ ?? '';
    process.env.TZ = zone;
    try {
      const format = createFormat('pt-BR', zone);
      expect(format.day('2026-11-27')).toBe('27 de nov.');
      expect(format.longDay('2026-01-01')).toBe('quinta-feira, 1 de janeiro');
      expect(format.month('2026-03')).toBe('mar.');
      expect(format.longMonth('2026-03')).toBe('março de 2026');
    } finally {
      process.env.TZ = before;
    }
  });
});

describe('an instant is shown in the zone of the server', () => {
  test('late in the evening of São Paulo it is still the same day', () => {
    expect(pt.instant('2026-11-28T02:30:00.000Z')).toBe('27/11/2026, 23:30');
    expect(pt.dayOf('2026-11-28T02:30:00.000Z')).toBe('2026-11-27');
    expect(pt.clock('2026-11-28T02:30:00.000Z')).toBe('23:30');
    expect(pt.clockSeconds(Date.parse('2026-11-28T02:30:07.000Z'))).toBe('23:30:07');
  });
});

describe('an age is its largest unit', () => {
  test.each([
    [-5000, '0 s'],
    [12_999, '12 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [59 * 60_000 + 59_999, '59 min'],
    [3 * 3_600_000, '3 h'],
    [24 * 3_600_000, '1 dia'],
    [97 * 24 * 3_600_000, '97 dias'],
  ])('%p ms', (ms, text) => {
    expect(plain(pt.duration(ms))).toBe(text);
  });
});
