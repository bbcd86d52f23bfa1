import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseAssignments } from '../../src/config/env-file-parser.ts';

/** The values in a text that has no problem. */
function valuesIn(text: string): Record<string, string> {
  const { assignments, problems } = parseAssignments(text);
  expect(problems).toEqual([]);
  return Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
}

/** What shells and dotenv-expand would replace. */
const EXPANDABLE = ['pa$$word$', '{HOME}$HOME'].join('');

describe('a value', () => {
  test.each([
    // Nothing is expanded.
    [`A=${EXPANDABLE}`, EXPANDABLE],
    ["A='pa$word'", 'pa$word'],
    ['A="pa$word"', 'pa$word'],
    ['A=`pa$word`', 'pa$word'],
    // A # begins a comment after a blank only.
    ['A=a#b', 'a#b'],
    ['A=#b', '#b'],
    ['A=a #b', 'a'],
    ['A=a\t# b', 'a'],
    ['A= # b', ''],
    ['A=https://x/#frag', 'https://x/#frag'],
    ["A='a #b' # c", 'a #b'],
    ['A="a #b"', 'a #b'],
    // What stands in it stays.
    ['A=', ''],
    ["A=''", ''],
    ['A=x"y\'z', 'x"y\'z'],
    ['A=a\\nb', 'a\\nb'],
    ['A=k==', 'k=='],
    ['A=a b', 'a b'],
    ["A=' a '", ' a '],
    ["A='abc\\'", 'abc\\'],
    ["A='it\"s'", 'it"s'],
    ['A=`\'"`', '\'"'],
    ['A="say \\"hi\\" \\\\ \\n \\x"', 'say "hi" \\ \n \\x'],
    // Around it.
    ['  A  =  a  ', 'a'],
    ['export A=a', 'a'],
    ['\uFEFFA=a', 'a'],
  ])('%j is %j', (text, value) => {
    expect(valuesIn(text)).toEqual({ A: value });
  });

  test.each(["'", '"', '`'])('in %s goes over several lines', (quote) => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['X=1', `A=${quote}one`, '# two', '', `three${quote} # c`, 'B=2'].join(end);
      expect(valuesIn(text)).toEqual({ X: '1', A: 'one\n# two\n\nthree', B: '2' });
    }
  });

  test('of PEM text goes over several lines, whatever its Base64 looks like', () => {
    const pem = '-----BEGIN X-----\nABCD=\nab==\n-----END X-----';
    expect(valuesIn(`A="${pem}"\nB=2`)).toEqual({ A: pem, B: '2' });
  });

  test('in single quotes is read as it was written, whatever it is', () => {
    const values = fc.string({ unit: 'grapheme' }).filter((text) => !/['\n\r]/.test(text));
    fc.assert(fc.property(values, (value) => expect(valuesIn(`A='${value}'\nB=2`)).toEqual({ A: value, B: '2' })));
  });
});

test.each(['\u2028', '\u2029', '\u0085', '\v', '\f'])(
  '%j within a line ends neither a value nor a comment',
  (separator) => {
    const value = `a${separator}b`;
    const lines = [
      `A='${value}' # ${value}`,
      `B=${value}`,
      `C="${value}\\${separator}" #${value}`,
      `# ${value}`,
      `D=1 # ${value}`,
    ];
    const backslash = `${value}\\${separator}`;
    expect(parseAssignments(lines.join('\n')).problems).toEqual([]);
    expect(valuesIn(lines.join('\n'))).toEqual({ A: value, B: value, C: backslash, D: '1' });
  },
);

test('comments and empty lines are nothing', () => {
  expect(valuesIn('# A=1\n\n  #B=2\n\t\n')).toEqual({});
});

describe('a line that cannot be read', () => {
  test.each([
    ['X=1\njunk\nA=1', 2, 'not an assignment'],
    ['A: 1', 1, 'not an assignment'],
    ['$env:A="1"', 1, 'not an assignment'],
    ['1A=2', 1, 'not an assignment'],
    ['=2', 1, 'not an assignment'],
    ['ConnectionStrings:DefaultConnection=x', 1, 'ConnectionStrings__DefaultConnection'],
    ["A='a\nDB_PORT=1433\nDB_NAME='x'", 1, "no ' closes it"],
    ['\nA="a', 2, 'no " closes it'],
    ['A="a" b', 1, 'after its closing "'],
    ["A='it's'", 1, "after its closing '"],
    ['A="a"#b', 1, 'after its closing "'],
  ])('of %j is line %d, and says why', (text, line, why) => {
    const { problems } = parseAssignments(text);
    expect(problems[0]?.line).toBe(line);
    expect(problems[0]?.problem).toContain(why);
  });

  test('does not hide the ones after it, and no value is in what is said', () => {
    const { assignments, problems } = parseAssignments('hunter2\nA="hunter2\nB_B=hunter2\nhunter2 x\nC=3');
    expect(problems.map(({ line }) => line)).toEqual([1, 2, 4]);
    expect(assignments.map(({ name, line }) => [name, line])).toEqual([
      ['B_B', 3],
      ['C', 5],
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  test('never stops the reading, whatever the text', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'A=\'"`#\\ \n\r$x_:'), maxLength: 40 });
    fc.assert(
      fc.property(texts, (text) => {
        const { assignments, problems } = parseAssignments(text);
        const lines = text.split(/\r\n|\n|\r/).length;
        for (const { line } of [...assignments, ...problems]) expect(line).toBeWithin(1, lines + 1);
      }),
      { numRuns: 1_000 },
    );
  });
});
