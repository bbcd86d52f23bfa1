/** What one run of the tests came to, read from the runner's JUnit report. */
export interface TestResults {
  readonly passed: number;
  /** Full names. */
  readonly failed: readonly string[];
  /** Full names; by convention the reason stands in the name: `… (skipped: no chromium)`. */
  readonly skipped: readonly string[];
  /** Test files that the report names, relative to the root. */
  readonly files: ReadonlySet<string>;
}

/**
 * Reads a JUnit report as `bun test` writes it.
 *
 * Text inside the report is escaped, so that a tag found in it is a tag and never part of a failure's message.
 */
export function readResults(junit: string): TestResults {
  const skipped: string[] = [];
  const files = new Set<string>();
  const failed: string[] = [];
  let passed = 0;
  for (const [, attributes = '', body = ''] of junit.matchAll(/<testcase\s([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)) {
    files.add(attribute(attributes, 'file'));
    if (/<(failure|error)\b/.test(body)) failed.push(fullName(attributes, body));
    else if (body.includes('<skipped')) skipped.push(fullName(attributes, body));
    else passed++;
  }
  return { passed, failed, skipped, files };
}

/** `12 passed, 0 failed`, with `, 3 skipped` where any were. */
export function closingLine(passed: number, failed: number, skipped: number): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function fullName(attributes: string, body: string): string {
  const groups = attribute(attributes, 'classname').split(' > ').filter(Boolean).reverse();
  const todo = body.includes('message="TODO"') ? ' (skipped: to be written)' : '';
  return `${[attribute(attributes, 'file'), ...groups, attribute(attributes, 'name')].join(' > ')}${todo}`;
}

function attribute(attributes: string, name: string): string {
  const [, value = ''] = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes) ?? [];
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
