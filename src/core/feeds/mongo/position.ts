import { type Db, type ResumeToken, Timestamp } from 'mongodb';
import { parseJson } from '../../runtime/json.ts';

/** A mirror's position in the server's history: the JSON of a change stream's resume token. */

export function positionOf(token: ResumeToken): string {
  return JSON.stringify(token ?? null);
}

/** @returns undefined for the position of a feed without a change stream */
export function tokenOf(position: string): ResumeToken | undefined {
  const token = parseJson(position);
  return typeof token === 'object' && token !== null && '_data' in token ? token : undefined;
}

/** `82`, then seconds and increment of the cluster time. */
const TOKEN_TIME = /^82([0-9A-F]{8})([0-9A-F]{8})/i;

/** The cluster time of a resume token; undefined if its format is unknown. */
export function timeOf(token: ResumeToken): Timestamp | undefined {
  const data = typeof token === 'object' && token !== null && '_data' in token ? token._data : undefined;
  const [, seconds, increment] = (typeof data === 'string' && TOKEN_TIME.exec(data)) || [];
  if (seconds === undefined || increment === undefined) return undefined;
  return new Timestamp({ t: Number.parseInt(seconds, 16), i: Number.parseInt(increment, 16) });
}

/** The time of the newest change on the primary, or on the member that answers; undefined for a stand-alone server. */
export async function clusterTimeOf(database: Db, signal: AbortSignal): Promise<Timestamp | undefined> {
  const { operationTime, $clusterTime } = await database.command(
    { ping: 1 },
    { readPreference: 'primaryPreferred', signal },
  );
  const time: unknown = operationTime ?? $clusterTime?.clusterTime;
  return time instanceof Timestamp ? time : undefined;
}
