import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { buildDotnet } from './sdk.ts';

const Reading = Type.Object({
  /** Of SQL Server. */
  version: Type.String(),
  /** The kinds of statements in the text, by Microsoft's names. */
  statements: Type.Array(Type.String()),
  errors: Type.Array(Type.String()),
});
export type Reading = Static<typeof Reading>;
const Readings = Type.Array(Type.Array(Reading));

const PARSED_WITHIN_MS = 30_000;

/**
 * Parses T-SQL with Microsoft's own grammar, for each version of SQL Server from 2016 on.
 *
 * @returns a list a text, in the order of the texts
 * @throws Error when the program cannot be built or fails
 */
export async function readTSql(texts: readonly string[]): Promise<Reading[][]> {
  const assembly = await buildDotnet('tsql-grammar', 'TSqlGrammar.dll');
  const child = Bun.spawn(['dotnet', assembly], {
    stdin: new Blob([JSON.stringify(texts)]),
    stdout: 'pipe',
    stderr: 'inherit',
    timeout: PARSED_WITHIN_MS,
  });
  const output = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`the grammar ended with exit code ${child.exitCode}`);
  return Value.Decode(Readings, JSON.parse(output));
}
