import { describe, expect, test } from 'bun:test';
import { closingLine, readResults, shortMessage } from './results.ts';

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bun test" tests="6" failures="1" skipped="3" time="0.05">
  <testsuite name="tests/a.test.ts" file="tests/a.test.ts" tests="6" failures="1" skipped="3" time="0.04">
    <testcase name="adds" classname="" time="0.0003" file="tests/a.test.ts" line="3" assertions="1" />
    <testcase name="says &lt;skipped /&gt;" classname="" time="0.0002" file="tests/a.test.ts" line="4">
      <failure type="AssertionError" message="&lt;skipped /&gt;&#10;">Expected: &lt;skipped /&gt;&#10;</failure>
    </testcase>
    <testcase name="draws (skipped: no chromium)" classname="" time="0" file="tests/a.test.ts" line="5">
      <skipped />
    </testcase>
    <testcase name="later" classname="" time="0" file="tests/a.test.ts" line="6">
      <skipped message="TODO" />
    </testcase>
    <testsuite name="outer" file="tests/a.test.ts" line="7" tests="1" failures="0" skipped="1" time="0">
      <testcase name="&quot;deep&quot;" classname="inner &gt; outer" time="0" file="tests/a.test.ts" line="7">
        <skipped />
      </testcase>
    </testsuite>
  </testsuite>
  <testsuite name="tests/b.test.ts" file="tests/b.test.ts" tests="1" failures="0" skipped="0" time="0.01">
    <testcase name="runs" classname="" time="0.01" file="tests/b.test.ts" line="1" assertions="0" />
  </testsuite>
</testsuites>`;

describe('the report of a run', () => {
  test('is counted test by test, whatever the messages say', () => {
    const { passed, failed, skipped, files } = readResults(REPORT);
    expect(passed).toBe(2);
    expect(failed).toEqual([
      { file: 'tests/a.test.ts', name: 'tests/a.test.ts > says <skipped />', message: 'Expected: <skipped />' },
    ]);
    expect(skipped).toEqual([
      'tests/a.test.ts > draws (skipped: no chromium)',
      'tests/a.test.ts > later (skipped: to be written)',
      'tests/a.test.ts > outer > inner > "deep"',
    ]);
    expect([...files]).toEqual(['tests/a.test.ts', 'tests/b.test.ts']);
  });

  test('that is not there counts nothing', () => {
    expect(readResults('')).toEqual({ passed: 0, failed: [], skipped: [], files: new Set() });
  });
});

test('a long message keeps its seed and counterexample, and what was thrown', () => {
  const message = `seed: 7${'x'.repeat(1_000_000)}at a.test.ts:3`;
  const short = shortMessage({ file: '', name: '', message });
  expect(short).toStartWith('seed: 7');
  expect(short).toEndWith('at a.test.ts:3');
  expect(short.length).toBeLessThan(10_000);
});

test('the closing line names skipped tests only where there are any', () => {
  expect(closingLine(12, 0, 0)).toBe('12 passed, 0 failed');
  expect(closingLine(12, 1, 3)).toBe('12 passed, 1 failed, 3 skipped');
});
