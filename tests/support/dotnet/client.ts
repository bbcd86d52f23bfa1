import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { buildDotnet } from './sdk.ts';

/** An observation of the .NET client: the name of an event, or the result of an action. */
export interface Observation {
  readonly saw: string;
  /** Its data, bound to .NET types and serialized again as JSON. */
  readonly what: unknown;
}

export interface DotnetClientOptions {
  /** Address of a hub, `http://…`. */
  readonly url: string;
  readonly transport: 'WebSockets' | 'ServerSentEvents' | 'LongPolling';
  readonly protocol: 'json' | 'messagepack';
  readonly token?: string;
}

const ObservationShape = Type.Object({ saw: Type.String(), what: Type.Unknown() });

/** The client gives up after 15 s without the expected event. */
export const ENDS_WITHIN_MS = 150_000;

/** Builds the client; the first time takes seconds. */
export function buildDotnetClient(): Promise<string> {
  return buildDotnet('client', 'Client.dll');
}

/**
 * Holds one conversation with a hub, from negotiation to the end, as `client/Program.cs` tells.
 *
 * @param assembly of `buildDotnetClient`
 * @throws Error with what the client wrote, when it gives up
 */
export async function runDotnetClient(
  assembly: string,
  { url, transport, protocol, token }: DotnetClientOptions,
): Promise<Observation[]> {
  const args = [url, transport, protocol, ...(token === undefined ? [] : [token])];
  const child = Bun.spawn(['dotnet', assembly, ...args], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: ENDS_WITHIN_MS,
  });
  const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`The .NET client gave up:\n${output}${errors}`);
  return output.trimEnd().split('\n').map(parse);
}

function parse(line: string): Observation {
  const value: unknown = JSON.parse(line);
  if (Value.Check(ObservationShape, value)) return value;
  throw new Error(`Not an observation: ${line}`);
}
