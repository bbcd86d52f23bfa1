import type { ChangeStream, ChangeStreamDocument, ResumeToken, Timestamp } from 'mongodb';
import { Observable, share } from 'rxjs';
import { backOffWait, USUAL_BACK_OFF } from '../../../runtime/back-off.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { parseJson } from '../../../runtime/parse-json.ts';
import type { ChangeDetection } from '../../changes/change-detection.ts';
import { recordDetection } from '../../changes/detection-record.ts';
import type { ResumeTokens } from '../../changes/resume-tokens.ts';
import type { SourceChange } from '../../changes/source-change.ts';
import { CODE, codeOf, isRefusal } from './failures.ts';
import type { RenewableClient } from './renewable-client.ts';

export interface WatchOptions {
  readonly connection: RenewableClient;
  /** Collections whose changes matter. */
  readonly watched: readonly string[];
  /** Under which name the resume token is kept. */
  readonly tokenName: string;
  readonly resumeTokens: ResumeTokens;
  readonly changeIntervalMs: number;
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of back-off. */
  readonly random: () => number;
  readonly onDetection: (detection: ChangeDetection) => void;
}

export interface WatchedChanges {
  /** Hot while somebody listens; never errors. */
  readonly changes: Observable<SourceChange>;
  detection(): ChangeDetection;
  /**
   * Settles once the first stream, if somebody listens, is open or could not be opened: what is read after that and what
   * changes are told after that leave no gap between them.
   */
  begun(): Promise<void>;
  /** Settles once the last listener's stream has been given up at the server, too. */
  ended(): Promise<void>;
  /**
   * When the newest change that was told happened, by the servers' clock: a read from a secondary that lags has to wait
   * for it, or it would give the state before. Undefined where no change was told.
   */
  newest(): Timestamp | undefined;
}

/** Where there is no change stream, one is tried for again after this long. */
const IMPROVE_AFTER_MS = 600_000;
/** How long the server waits for a change before it answers that there is none. */
const AWAIT_MS = 1_000;
/** Changes are told, and the token kept, at most this often. */
const TOLD_EVERY_MS = 1_000;
/** The stream cannot go on from the token: it is too old, or of another database. */
const TOKEN_IS_LOST: ReadonlySet<number | undefined> = new Set([
  CODE.changeStreamHistoryLost,
  CODE.invalidResumeToken,
  CODE.changeStreamFatal,
]);

/**
 * A change stream on the watched collections (MongoDB manual, "Change Streams"), which goes on where it was after any
 * failure and over restarts. The driver resumes by itself after a step-down or a killed cursor; whatever it gives up on,
 * the loop here opens again. Where it cannot go on, or first cannot be had, everything counts as changed.
 */
export function watchChanges(options: WatchOptions): WatchedChanges {
  const { connection, watched, tokenName, resumeTokens, changeIntervalMs, clock, random, onDetection } = options;
  const detection = recordDetection(onDetection);
  let newest: Timestamp | undefined;
  let begun: Promise<void> = Promise.resolve();
  let ended: Promise<void> = Promise.resolve();

  const changes = new Observable<SourceChange>((subscriber) => {
    const first = Promise.withResolvers<void>();
    begun = first.promise;
    const tell = inIntervals(clock, (names) => subscriber.next({ names }));
    let stream: ChangeStream | undefined;
    let asked = connection.client;
    let cancel = () => {};
    let token = readToken(resumeTokens.restored(tokenName));
    let savedAt = Number.NEGATIVE_INFINITY;
    let failures = 0;
    let opened = false;

    const keep = (next: ResumeToken, isLast = false) => {
      token = next;
      if (!isLast && clock.elapsed() - savedAt < TOLD_EVERY_MS) return;
      savedAt = clock.elapsed();
      resumeTokens.save(tokenName, JSON.stringify(next));
    };
    const noteOpen = () => {
      failures = 0;
      opened = true;
      detection.found({ mode: 'change-stream', reason: null });
      first.resolve();
    };
    const took = (event: ChangeStreamDocument | null, isGap: boolean) => {
      noteOpen();
      if (isGap) tell('all');
      if (event === null) return;
      newest = event.clusterTime ?? newest;
      tell(namesIn(event));
      // The stream ends with the database; no stream can go on from there.
      if (event.operationType === 'invalidate') throw new StreamEnded();
    };
    const follow = async () => {
      const from = token === undefined ? {} : { resumeAfter: token };
      asked = connection.client;
      const current = connection.database.watch([eventsOf(watched)], { ...from, maxAwaitTimeMS: AWAIT_MS });
      stream = current;
      // Without a token to go on from, what happened while nobody looked is not told.
      let isGap = token === undefined && opened;
      // A server's first answer has a token, and comes before it waits for a change.
      current.once('resumeTokenChanged', noteOpen);
      while (!subscriber.closed) {
        took(await current.tryNext(), isGap);
        isGap = false;
        if (isToken(current.resumeToken)) keep(current.resumeToken);
      }
    };
    const forget = () => {
      token = undefined;
      opened = true;
      resumeTokens.save(tokenName, null);
    };
    const poll = (reason: string) => {
      detection.found({ mode: 'interval', reason });
      // A stream that can be had one day begins after the last interval, and leaves a gap.
      opened = true;
      const until = clock.elapsed() + IMPROVE_AFTER_MS;
      const next = () => {
        if (clock.elapsed() >= until) void turn();
        else {
          tell('all');
          cancel = clock.schedule(changeIntervalMs, next);
        }
      };
      cancel = clock.schedule(changeIntervalMs, next);
    };
    const goOnAfter = (error: unknown) => {
      connection.failed(error, asked);
      first.resolve();
      // What comes next may be another history, in which that moment has yet to come.
      newest = undefined;
      const isTokenLost = TOKEN_IS_LOST.has(codeOf(error)) || error instanceof StreamEnded;
      if (!isTokenLost && isRefusal(error)) {
        poll(whyNot(error.code, connection.database.databaseName));
        return;
      }
      if (isTokenLost) forget();
      // Every feature reads, and finds out at once whether its source is away.
      else if (opened && failures === 0) tell('all');
      // Whoever reads from the source says what is wrong with it.
      const wait = backOffWait(failures++, random(), USUAL_BACK_OFF);
      cancel = clock.schedule(wait, () => void turn());
    };
    const turn = async (): Promise<void> => {
      try {
        await follow();
      } catch (error) {
        if (!subscriber.closed) goOnAfter(error);
      } finally {
        await stream?.close().catch(() => {});
      }
    };
    void turn();
    return () => {
      cancel();
      first.resolve();
      tell.stop();
      if (token !== undefined) keep(token, true);
      ended = Promise.resolve(stream?.close()).catch(() => {});
    };
  }).pipe(share());

  return { changes, detection: detection.current, begun: () => begun, ended: () => ended, newest: () => newest };
}

class StreamEnded extends Error {}

/** Of the watched collections, and of the database as a whole. */
function eventsOf(watched: readonly string[]) {
  const ofAll = { operationType: { $in: ['dropDatabase', 'invalidate'] } };
  return { $match: { $or: [{ 'ns.coll': { $in: [...watched] } }, ofAll] } };
}

/** Why there is no change stream, and what would give one. */
function whyNot(code: number | string | undefined, database: string): string {
  if (code === CODE.onlyOnReplicaSets) {
    return 'the server is stand-alone and has no change streams: start mongod with --replSet rs0 and run rs.initiate()';
  }
  if (code === CODE.unauthorized) {
    return `the user may not open a change stream: db.grantRolesToUser(user, [{ role: "read", db: "${database}" }])`;
  }
  return `the server opens no change stream (${code === undefined ? 'it does not say why' : `error ${code}`})`;
}

function namesIn(event: ChangeStreamDocument): SourceChange['names'] {
  if (!('ns' in event) || !('coll' in event.ns)) return 'all';
  const renamed = 'to' in event && typeof event.to === 'object' ? [event.to.coll] : [];
  return new Set([event.ns.coll, ...renamed]);
}

function readToken(text: string | undefined): ResumeToken | undefined {
  const token = text === undefined ? undefined : parseJson(text);
  return isToken(token) ? token : undefined;
}

function isToken(token: unknown): token is object {
  return typeof token === 'object' && token !== null;
}

/** The first at once, later ones together at the end of the interval. */
function inIntervals(clock: Clock, tell: (names: SourceChange['names']) => void) {
  let held: SourceChange['names'] | undefined;
  let cancel: (() => void) | undefined;
  const flush = () => {
    cancel = undefined;
    if (held === undefined) return;
    const names = held;
    held = undefined;
    tell(names);
    cancel = clock.schedule(TOLD_EVERY_MS, flush);
  };
  const add = (names: SourceChange['names']) => {
    held = held === 'all' || names === 'all' ? 'all' : new Set([...(held ?? []), ...names]);
    if (cancel === undefined) flush();
  };
  return Object.assign(add, { stop: () => cancel?.() });
}
