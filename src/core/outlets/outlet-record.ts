import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Instant } from '../figures/calendar.ts';
import { parseJson } from '../runtime/json.ts';
import type { Snapshot } from '../runtime/snapshot.ts';
import type { OutletMemory } from './outlet.ts';
import { forgetAll, type MemoryChanges, reportSave } from './outlet-memory.ts';

/** The last pass, and how long the target asked to wait after it. */
const LastPass = Type.Object({
  endedAt: Type.Number(),
  isComplete: Type.Boolean(),
  /** Requests that it sent. */
  requests: Type.Number(),
  targetWaitMs: Type.Number(),
});
export type LastPass = (typeof LastPass)['static'];

const TARGET = 'target';
const LAST_PASS = 'last pass';
const LAST_SUCCESS = 'last success';
const FIRST_NOTIFICATION = 'first notification';
const NOTIFIED = 'notified';
const SENT = 'sent ';

/** What the runtime remembers about an outlet across restarts. The memory of the outlet itself is another one. */
export interface OutletRecord {
  readonly lastPass: LastPass | undefined;
  readonly lastSuccess: Instant | null;
  /** Notifications up to this id are older than the outlet. */
  readonly notifiedBefore: number;
  /** Notifications up to this id were delivered. */
  readonly notified: number;
  /** Whether the last complete pass delivered this content, and no later pass began to change it. */
  hasSent(snapshot: Snapshot): boolean;
  /** Call it before a pass sends: if it fails halfway, the target may hold a part of each of them. */
  begin(snapshots: Iterable<Snapshot>): Promise<void>;
  complete(snapshots: Iterable<Snapshot>, notified: number, pass: LastPass): Promise<void>;
  fail(pass: LastPass): Promise<void>;
}

/**
 * @param own the memory of the outlet, emptied if the target is another one than before
 * @param lastId the newest notification
 */
export function openOutletRecord(
  memory: OutletMemory,
  own: OutletMemory,
  { target, lastId }: { readonly target: string; readonly lastId: number },
  onError: (error: unknown) => void,
): OutletRecord {
  if (memory.get(TARGET) !== target) {
    reportSave(forgetAll(own), onError);
    const gone = [...memory.entries()]
      .map(([key]) => key)
      .filter((key) => !OF_ANY_TARGET.some((kept) => key.startsWith(kept)));
    const start = { [TARGET]: target, [FIRST_NOTIFICATION]: String(lastId), [NOTIFIED]: String(lastId) };
    reportSave(memory.save({ ...Object.fromEntries(gone.map((key) => [key, null])), ...start }), onError);
  }
  const numberAt = (key: string) => Number(memory.get(key) ?? 0);
  const sentKeys = (snapshots: Iterable<Snapshot>, value: (snapshot: Snapshot) => string | null): MemoryChanges =>
    Object.fromEntries([...snapshots].map((snapshot) => [SENT + snapshot.feature, value(snapshot)]));

  return {
    get lastPass() {
      const kept = parseJson(memory.get(LAST_PASS) ?? '');
      return Value.Check(LastPass, kept) ? kept : undefined;
    },
    get lastSuccess() {
      return memory.get(LAST_SUCCESS) === undefined ? null : numberAt(LAST_SUCCESS);
    },
    get notifiedBefore() {
      return numberAt(FIRST_NOTIFICATION);
    },
    get notified() {
      return numberAt(NOTIFIED);
    },
    hasSent: ({ feature, encoded }) => memory.get(SENT + feature) === encoded.hash,
    begin: (snapshots) => memory.save(sentKeys(snapshots, () => null)),
    complete: (snapshots, notified, pass) =>
      memory.save({
        ...sentKeys(snapshots, ({ encoded }) => encoded.hash),
        [NOTIFIED]: String(notified),
        [LAST_SUCCESS]: String(pass.endedAt),
        [LAST_PASS]: JSON.stringify(pass),
      }),
    fail: (pass) => memory.save({ [LAST_PASS]: JSON.stringify(pass) }),
  };
}

/** Kept when the target changes: the budget belongs to the account, and people ask for their jobs. */
const OF_ANY_TARGET = ['requests', 'job '];
