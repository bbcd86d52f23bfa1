/** The results of a test run, read from the runner's JUnit report. */
export interface TestResults {
  readonly passed: number;
  readonly failed: readonly FailedTest[];
  /** Full names. By convention they contain the reason: `… (skipped: no chromium)`. */
  readonly skipped: readonly string[];
  /** Test files in the report, relative to the root. */
  readonly files: ReadonlySet<string>;
}

export interface FailedTest {
  readonly file: string;
  /** Full name, which begins with the file. */
  readonly name: string;
  /** The error with its stack. */
  readonly message: string;
}

/**
 * Reads JUnit reports, one after the other, as `bun test` writes it.
 *
 * Text in the report is escaped, so a tag is never part of a failure's message.
 */
export function readResults(junit: string): TestResults {
  const skipped: string[] = [];
  const files = new Set<string>();
  const failed: FailedTest[] = [];
  let passed = 0;
  for (const [, attributes = '', body = ''] of junit.matchAll(/<testcase\s([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)) {
    files.add(attribute(attributes, 'file'));
    if (/<(failure|error)\b/.test(body)) failed.push(failedTest(attributes, body));
    else if (body.includes('<skipped')) skipped.push(fullName(attributes, body));
    else passed++;
  }
  return { passed, failed, skipped, files };
}

/** `12 passed, 0 failed`, with `, 3 skipped` if any were. */
export function closingLine(passed: number, failed: number, skipped: number): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Longer messages are cut in the middle: a counterexample may be a whole company. */
const LONGEST_MESSAGE = { head: 4_000, tail: 1_500 };

/** The message of a failed test with its seed and counterexample, shortened for the end of a log. */
export function shortMessage({ message }: FailedTest): string {
  const { head, tail } = LONGEST_MESSAGE;
  if (message.length <= head + tail) return message;
  return `${message.slice(0, head)}\n… ${message.length - head - tail} more characters …\n${message.slice(-tail)}`;
}

function failedTest(attributes: string, body: string): FailedTest {
  const [, text = ''] = /<(?:failure|error)\b[^>]*>(.*?)<\/(?:failure|error)>/s.exec(body) ?? [];
  return { file: attribute(attributes, 'file'), name: fullName(attributes, body), message: unescaped(text).trim() };
}

function fullName(attributes: string, body: string): string {
  const groups = attribute(attributes, 'classname').split(' > ').filter(Boolean).reverse();
  const todo = body.includes('message="TODO"') ? ' (skipped: to be written)' : '';
  return `${[attribute(attributes, 'file'), ...groups, attribute(attributes, 'name')].join(' > ')}${todo}`;
}

function attribute(attributes: string, name: string): string {
  const [, value = ''] = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes) ?? [];
  return unescaped(value);
}

function unescaped(value: string): string {
  return value.replaceAll(/&(?:#(\d+)|(\w+));/g, (entity, code?: string, word?: string) =>
    code !== undefined ? String.fromCodePoint(Number(code)) : (ENTITIES.get(word ?? '') ?? entity),
  );
}

const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
