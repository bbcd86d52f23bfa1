import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDotnet } from './sdk.ts';

export interface HubEvent {
  readonly target: string;
  readonly argument: unknown;
}

/** What the reference hub sends. */
export interface HubFixture {
  readonly initialData: unknown;
  /** Sent to a new client, and to each that requests the initial data. */
  readonly initial: readonly HubEvent[];
  /** Sent to everyone when an update is forced. */
  readonly manual: readonly HubEvent[];
  readonly status: unknown;
  /** The only item of the stream, which then stays open. */
  readonly snapshot: unknown;
}

/** ASP.NET Core SignalR in its own process; its hub is `/hubs/reference`. */
export interface ReferenceHub {
  readonly url: string;
  readonly pid: number;
  /** Sends an event to every client. */
  emit(target: string, argument: string): Promise<void>;
  /** Shuts it down gracefully, which notifies clients. */
  stop(): Promise<void>;
}

/** Builds the reference hub; the first time takes seconds. */
export function buildReferenceHub(): Promise<string> {
  return buildDotnet('reference-hub', 'ReferenceHub.dll');
}

/**
 * @param assembly of `buildReferenceHub`
 * @param keepAliveMs time between its pings
 * @throws Error when it does not start
 */
export async function startReferenceHub(
  assembly: string,
  fixture: HubFixture,
  keepAliveMs = 15_000,
): Promise<ReferenceHub> {
  const directory = await mkdtemp(join(tmpdir(), 'greg-bi-reference-'));
  const path = join(directory, 'fixture.json');
  await Bun.write(path, JSON.stringify(fixture));
  const child = Bun.spawn(['dotnet', assembly, path, String(keepAliveMs)], {
    cwd: directory,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const url = await firstLine(child.stdout);
  await rm(directory, { recursive: true });
  return {
    url,
    pid: child.pid,
    async emit(target, argument) {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${url}/emit/${target}`, { method: 'POST', headers, body: argument });
      if (!answer.ok) throw new Error(`The reference hub answered ${answer.status}`);
    },
    async stop() {
      await child.stdin.end();
      await child.exited;
    },
  };
}

async function firstLine(output: ReadableStream<Uint8Array>): Promise<string> {
  let text = '';
  for await (const piece of output.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const [line, rest] = text.split('\n', 2);
    if (line !== undefined && rest !== undefined) return line.trim();
  }
  throw new Error(`The reference hub ended before it ran: ${text}`);
}
