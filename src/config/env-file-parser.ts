export interface Assignment {
  readonly name: string;
  readonly value: string;
  /** Line of the name, from 1. */
  readonly line: number;
}

export interface LineProblem {
  readonly line: number;
  /** Contains no value, since any may be a secret. */
  readonly problem: string;
}

export interface ParsedEnvFile {
  readonly assignments: readonly Assignment[];
  readonly problems: readonly LineProblem[];
}

/**
 * Parses `NAME=value` lines as dotenv and Docker Compose do, but expands nothing and skips nothing silently.
 *
 *     NAME=value # comment     to the end of the line, trimmed; # starts a comment only after a blank
 *     NAME='value'             unchanged, over several lines too; also in back quotes
 *     NAME="value"             the same, with \n, \r, \t, \" and \\ as in JSON
 *     export NAME=value        the same as without export
 *
 * Existing libraries (dotenv, envapi, Node's parseEnv) cut a value at any # and skip lines they cannot read.
 */
export function parseAssignments(text: string): ParsedEnvFile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const assignments: Assignment[] = [];
  const problems: LineProblem[] = [];
  for (let index = 0; index < lines.length; ) {
    const line = index + 1;
    const found = readStatement(lines, index);
    index += found.length;
    if ('problem' in found) problems.push({ line, problem: found.problem });
    else if ('name' in found) assignments.push({ name: found.name, value: found.value, line });
  }
  return { assignments, problems };
}

/** What starts at a line, and how many lines it spans. */
type Statement = { readonly length: number } & (
  | { readonly name: string; readonly value: string }
  | { readonly problem: string }
  | object
);

// With `s`, since `.` alone stops at U+2028 and U+2029, which do not end a line here.
const NOTHING = /^\s*(?:#.*)?$/s;
const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=(.*)$/s;
const COMMENT_AFTER_BLANK = /\s+#.*$/s;

function readStatement(lines: readonly string[], index: number): Statement {
  const line = lines[index] ?? '';
  if (NOTHING.test(line)) return { length: 1 };
  const [, name, rest = ''] = ASSIGNMENT.exec(line) ?? [];
  if (name === undefined) return { length: 1, problem: notAnAssignment(line) };
  const [, quote, begin = ''] = /^\s*(['"`])(.*)$/s.exec(rest) ?? [];
  if (quote !== undefined) return readQuoted(name, quote, [begin, ...lines.slice(index + 1)]);
  return { length: 1, name, value: rest.replace(COMMENT_AFTER_BLANK, '').trim() };
}

function notAnAssignment(line: string): string {
  const [, withColon] = /^\s*([A-Za-z]\w*(?::\w+)+)\s*=/.exec(line) ?? [];
  if (withColon !== undefined) return `${withColon} has to be written ${withColon.replaceAll(':', '__')}`;
  return 'is not an assignment; write NAME=value, or # before a comment';
}

/** An assignment inside quotes: a closing quote is missing before it. */
const NEXT_ASSIGNMENT = /^\s*(?:export\s+)?(?:[A-Z][A-Z0-9]*_[A-Z0-9_]*|[A-Z]{3,}|\w+__\w+)=[^=]/;

/** @param lines the rest of the line after the opening quote, and the lines after it */
function readQuoted(name: string, quote: string, lines: readonly string[]): Statement {
  const value: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (index > 0 && NEXT_ASSIGNMENT.test(line)) break;
    const end = closingQuote(line, quote);
    if (end < 0) {
      value.push(line);
      continue;
    }
    if (!/^(?:\s*|\s+#.*)$/s.test(line.slice(end + 1))) {
      const advice = `put the value into quotes of another kind, out of ' " and \``;
      return { length: index + 1, problem: `${name} goes on after its closing ${quote}; ${advice}` };
    }
    value.push(line.slice(0, end));
    return { length: index + 1, name, value: unescaped(value.join('\n'), quote) };
  }
  return { length: 1, problem: `${name} begins with ${quote}, and no ${quote} closes it` };
}

/** In double quotes a backslash escapes a quote, as in JSON. In other quotes it has no meaning. */
function closingQuote(line: string, quote: string): number {
  if (quote !== '"') return line.indexOf(quote);
  const [hidden] = /^(?:[^"\\]|\\.)*/s.exec(line) ?? [''];
  return line[hidden.length] === '"' ? hidden.length : -1;
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

function unescaped(text: string, quote: string): string {
  if (quote !== '"') return text;
  return text.replaceAll(/\\(.)/g, (whole, character: string) => ESCAPED[character] ?? whole);
}
