import { expect, test } from 'bun:test';
import { ConfigError, loadConfig } from '../../src/config/config.ts';

/** The problems of a configuration. */
function problemsOf(values: Readonly<Record<string, string>>): string {
  try {
    loadConfig(['claims', 'users'], values);
    return 'none';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

test('a wrong schedule is told when a right one would run, in the time zone of the company', () => {
  const problems = problemsOf({ EXPORT_CRON: '0 6', BI_TIME_ZONE: 'America/Manaus' });
  expect(problems).toContain(
    'EXPORT_CRON: read "0 6", which is no cron pattern; write minute, hour, day, month and weekday',
  );
  expect(problems).toMatch(/at six, next at \d{4}-\d\d-\d\d 06:00, then \d{4}-\d\d-\d\d 06:00 \(America\/Manaus\)/);
});

test('a schedule that never comes is refused', () => {
  expect(problemsOf({ EXPORT_CRON: '0 0 30 2 *' })).toContain('which never comes');
});

test('a single date is no schedule', () => {
  expect(problemsOf({ EXPORT_CRON: '2099-01-01T06:00:00' })).toContain('which is no cron pattern');
});

test('what has no effect without a schedule is said', () => {
  const { notices } = loadConfig([], { EXPORT_FORMATS: 'csv' });
  expect(notices.join()).toContain('EXPORT_FORMATS is not used: without EXPORT_CRON nothing is exported on a schedule');
});
