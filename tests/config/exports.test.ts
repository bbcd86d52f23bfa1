import { describe, expect, test } from 'bun:test';
import { ConfigError, loadConfig } from '../../src/config/config.ts';

const load = (values: Readonly<Record<string, string>>) => loadConfig(['claims', 'users'], values);

/** The problems of a configuration. */
function problemsOf(values: Readonly<Record<string, string>>): string {
  try {
    load(values);
    return 'none';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe('the configuration of exports', () => {
  test('has no schedule unless one is set', () => {
    const { exports } = load({});
    expect(exports).toEqual({ directory: 'output/exports', dialect: 'rfc4180', token: null, schedule: null });
  });

  test('is read', () => {
    const { exports } = load({
      EXPORT_CRON: '30 6 * * 1-5',
      EXPORT_FORMATS: 'csv, parquet',
      EXPORT_FEATURES: 'users',
      EXPORT_KEEP_DAYS: '7',
      EXPORT_KEEP_MB: '2',
      EXPORT_CSV: 'excel-pt-br',
    });
    expect(exports).toMatchObject({
      dialect: 'excel-pt-br',
      schedule: {
        pattern: '30 6 * * 1-5',
        formats: ['csv', 'parquet'],
        features: ['users'],
        keepDays: 7,
        keepBytes: 2_097_152,
      },
    });
  });

  test.each(['six', '0 6', '61 * * * *', '* * * * * *', '0 0 * * 8'])('refuses the pattern %j, and shows when a valid one runs', (pattern) => {
    const problems = problemsOf({ EXPORT_CRON: pattern, BI_TIME_ZONE: 'America/Manaus' });
    expect(problems).toContain(`EXPORT_CRON: read ${JSON.stringify(pattern)}, which is no cron pattern`);
    expect(problems).toMatch(/0 6 \* \* \* runs every day at six, next at \d{4}-\d\d-\d\d 06:00, then \d{4}-\d\d-\d\d 06:00 \(America\/Manaus\)/);
  });

  test('refuses a pattern that never comes', () => {
    expect(problemsOf({ EXPORT_CRON: '0 0 30 2 *' })).toContain('which never comes');
  });

  test('refuses other formats and features', () => {
    expect(problemsOf({ EXPORT_CRON: '0 6 * * *', EXPORT_FORMATS: 'csv,pdf' })).toContain('is none of csv, json, xlsx, parquet');
    expect(problemsOf({ EXPORT_CRON: '0 6 * * *', EXPORT_FEATURES: 'sales' })).toContain('is none of claims, users');
  });

  test('says what has no effect without a schedule', () => {
    expect(load({ EXPORT_FORMATS: 'csv' }).notices.join()).toContain('EXPORT_FORMATS is not used: without EXPORT_CRON');
  });
});
