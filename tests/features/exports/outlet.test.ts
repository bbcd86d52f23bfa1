import { describe, expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutletActor } from '../../../src/core/outlets/outlet-actor.ts';
import type { OutletStatus } from '../../../src/core/outlets/outlet-status.ts';
import { claims } from '../../../src/features/claims/index.ts';
import { openExportFolder } from '../../../src/features/exports/export-folder.ts';
import { createScheduledExports, type ScheduledExports } from '../../../src/features/exports/outlet.ts';
import { users } from '../../../src/features/users/index.ts';
import { type ScriptedFeatures, scriptedFeatures } from '../../core/outlets/scripted-features.ts';
import { type ScriptedOutlet, scriptedOutlet } from '../../core/outlets/scripted-outlet.ts';
import { mountDisk, mountMissing } from '../../support/small-disk.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { differingFiles, fileOf, namesIn } from './some-files.ts';

const HOUR_MS = 3_600_000;
const folders = temporaryFolders();

interface Scheduled {
  readonly outlet: ScriptedOutlet;
  readonly features: ScriptedFeatures;
  /** Resolves when the next pass has ended. */
  ended(): Promise<OutletStatus>;
}

/** The real outlet on a virtual clock, and a real folder. */
function scheduled(directory: string, changes: Partial<ScheduledExports> = {}): Scheduled {
  const clock = createVirtualClock();
  const features = scriptedFeatures(['claims', 'users']);
  const made = createScheduledExports({
    features: [claims, users],
    formats: ['json'],
    dialect: 'rfc4180',
    pattern: '0 6 * * *',
    timeZone: 'America/Sao_Paulo',
    directory,
    keepDays: 30,
    keepBytes: 1e9,
    clock,
    ...changes,
  });
  const outlet = scriptedOutlet({ features, clock, outlet: made });
  return { outlet, features, ended: () => endOfPass(outlet.actor) };
}

function endOfPass(actor: OutletActor): Promise<OutletStatus> {
  const { promise, resolve } = Promise.withResolvers<OutletStatus>();
  let hasBegun = actor.status().activity === 'delivering';
  const subscription = actor.statusChanges.subscribe((status) => {
    if (status.activity === 'delivering') hasBegun = true;
    if (status.activity === 'delivering' || !hasBegun) return;
    subscription.unsubscribe();
    resolve(status);
  });
  return promise;
}

const CLAIMS = { summary: { TotalClaims: 4 }, active: [], byReason: [], byStatus: [], trend: [] };
const USERS = { summary: { TotalUsers: 2 }, list: [] };

async function publishFirst({ features, ended }: Scheduled): Promise<OutletStatus> {
  const end = ended();
  features.publish('claims', CLAIMS);
  features.publish('users', USERS);
  return end;
}

/** Waits on the virtual clock for the start of the next pass, and really for its end: files are written in real time. */
async function nextPassOf({ outlet, ended }: Scheduled): Promise<OutletStatus> {
  const end = ended();
  await outlet.clock.advance((outlet.actor.status().nextPass ?? 0) - outlet.clock.now());
  return end;
}

describe('exports on a schedule', () => {
  test('are written when it is first used, then at its times', async () => {
    const directory = folders();
    const exports = scheduled(directory);
    await publishFirst(exports);
    const first = namesIn(directory).exported;
    expect(first.map((name) => name.replace(/\d{4}-.*/, ''))).toEqual(['greg-bi-claims-seq1-', 'greg-bi-users-seq1-']);

    exports.features.publish('claims', { ...CLAIMS, summary: { TotalClaims: 5 } });
    const { nextPass } = exports.outlet.actor.status();
    const clock = new Date(nextPass ?? 0).toLocaleTimeString('en-GB', { timeZone: 'America/Sao_Paulo' });
    expect(clock).toBe('06:00:00');
    expect(namesIn(directory).exported).toEqual(first);
    expect((await nextPassOf(exports)).failing).toBeNull();
    expect(namesIn(directory).exported).toHaveLength(3);
    expect(differingFiles(directory)).toEqual([]);
  });

  test('in several formats: one file of every part, or one for each', async () => {
    const directory = folders();
    const exports = scheduled(directory, { formats: ['csv', 'xlsx'], features: [users] });
    expect((await publishFirst(exports)).failing).toBeNull();
    const names = namesIn(directory).exported.map((name) => name.replace(/-seq.*\./, '.'));
    expect(names).toEqual(['greg-bi-users-figures.csv', 'greg-bi-users-list.csv', 'greg-bi-users.xlsx']);
  });

  test('after a restart write nothing that is there', async () => {
    const directory = folders();
    const exports = scheduled(directory);
    await publishFirst(exports);
    const before = namesIn(directory).exported;
    await exports.outlet.restart();
    await exports.outlet.clock.advance(HOUR_MS);
    expect(namesIn(directory).exported).toEqual(before);
  });

  test('delete what the retention does not keep', async () => {
    const directory = folders();
    const exports = scheduled(directory, { keepBytes: 1 });
    await publishFirst(exports);
    exports.features.publish('claims', { ...CLAIMS, summary: { TotalClaims: 5 } });
    await nextPassOf(exports);
    const names = namesIn(directory).exported.map((name) => name.replace(/-\d{4}-.*/, ''));
    expect(names).toEqual(['greg-bi-claims-seq2', 'greg-bi-users-seq1']);
  });

  test('tell the doctor where to and when next', async () => {
    const directory = join(folders(), 'not', 'yet');
    const { outlet } = scheduled(directory);
    const options = { write: false, fetch: async () => new Response() };
    const [finding] = (await outlet.actor.outlet.check?.(options)) ?? [];
    expect(finding).toMatchObject({ what: 'exports', verdict: 'ok', next: null });
    expect(finding?.found).toMatch(
      /not\/yet, next at \d{4}-\d\d-\d\d 06:00 and \d{4}-\d\d-\d\d 06:00 \(America\/Sao_Paulo\)$/,
    );
    writeFileSync(`${directory.slice(0, -8)}/not`, 'a file');
    expect(await outlet.actor.outlet.check?.(options)).toMatchObject([{ verdict: 'broken' }]);
  });

  test('into something that is no folder are refused, with what to do', async () => {
    const directory = join(folders(), 'exports');
    writeFileSync(directory, 'a file');
    const { activity, failing } = await publishFirst(scheduled(directory));
    expect(activity).toBe('refused');
    expect(failing?.reason).toContain('set EXPORT_DIR to a folder');
    rmSync(directory);
  });

  test.skipIf(mountMissing !== null)('onto a full disk are tried again, and succeed once there is space', async () => {
    const disk = mountDisk(64);
    try {
      const directory = join(disk.path, 'exports');
      const large = { ...USERS, list: Array.from({ length: 2_000 }, (_, Id) => ({ Id, Name: 'x'.repeat(100) })) };
      const exports = scheduled(directory, { features: [users] });
      const end = exports.ended();
      exports.features.publish('claims', CLAIMS);
      exports.features.publish('users', large);
      const failed = await end;
      expect(failed.activity).toBe('backing-off');
      expect(failed.failing?.reason).toContain('is full: free some space, or lower EXPORT_KEEP_MB');
      expect(namesIn(directory)).toEqual({ exported: [], temporary: [] });
      disk.resize(4_096);
      expect((await nextPassOf(exports)).failing).toBeNull();
      expect(namesIn(directory).exported).toHaveLength(1);
    } finally {
      disk.close();
    }
  });

  test.skipIf(mountMissing !== null)('onto a disk that old files fill are written once those are deleted', async () => {
    const disk = mountDisk(256);
    try {
      const directory = join(disk.path, 'exports');
      const folder = await openExportFolder(directory);
      for (const seq of [1, 2]) {
        await folder.write(fileOf(seq, { feature: 'claims', part: null, format: 'json' }), new Uint8Array(80_000));
      }
      const large = { ...USERS, list: Array.from({ length: 1_000 }, (_, Id) => ({ Id, Name: 'x'.repeat(100) })) };
      const exports = scheduled(directory, { features: [users], keepBytes: 100_000 });
      const end = exports.ended();
      exports.features.publish('claims', CLAIMS);
      exports.features.publish('users', large);
      expect((await end).failing).toBeNull();
      expect(namesIn(directory).exported).toHaveLength(2);
    } finally {
      disk.close();
    }
  });
});
