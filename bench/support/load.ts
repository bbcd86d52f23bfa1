import { Type } from '@sinclair/typebox';
import { startChild } from './child.ts';
import { cpuSecondsOf } from './process-usage.ts';

/** Results of a server under load. */
export interface Load {
  readonly requestsPerSecond: number;
  /** CPU time of the server per request, which excludes noise of other processes. */
  readonly cpuMicroseconds: number;
}

/** Enough connections to keep a server on one core busy, and few enough to share the other. */
const CONNECTIONS = 32;
const SECONDS = 3;

const wrk = Bun.which('wrk');

/** Name of the load generator. */
export const loadGenerator = wrk === null ? 'our own generator (wrk is not on PATH)' : 'wrk';

/**
 * Requests one address as fast as the server answers, over keep-alive connections with one request each.
 *
 * @param pid the server, on this machine
 * @throws Error when the server answers with anything but 2xx
 */
export async function load(url: string, pid: number): Promise<Load> {
  const cpuBefore = await cpuSecondsOf(pid);
  const { requests, seconds } = await (wrk === null ? loadWithOurOwn(url) : loadWithWrk(wrk, url));
  const cpu = (await cpuSecondsOf(pid)) - cpuBefore;
  return { requestsPerSecond: requests / seconds, cpuMicroseconds: (cpu * 1e6) / requests };
}

interface Answered {
  readonly requests: number;
  readonly seconds: number;
}

async function loadWithWrk(path: string, url: string): Promise<Answered> {
  const child = Bun.spawn([path, '-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, url], { stderr: 'inherit' });
  const text = await new Response(child.stdout).text();
  const answered = /(\d+) requests in ([\d.]+)s/.exec(text);
  if (answered === null || /Non-2xx|Socket errors/.test(text)) throw new Error(`wrk ${url}: ${text}`);
  return { requests: Number(answered[1]), seconds: Number(answered[2]) };
}

async function loadWithOurOwn(url: string): Promise<Answered> {
  const generator = startChild('load-generator.ts', [String(CONNECTIONS), String(SECONDS)]);
  try {
    return { requests: await generator.ask('run', url, Type.Number()), seconds: SECONDS };
  } finally {
    await generator.end();
  }
}
