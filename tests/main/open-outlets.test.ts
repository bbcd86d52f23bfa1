import { expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { loadConfig } from '../../src/config/config.ts';
import { createJournal } from '../../src/core/notifications/journal.ts';
import { volatileOutletStore } from '../../src/core/outlets/outlet-memory.ts';
import { systemClock } from '../../src/core/runtime/clock.ts';
import { claims } from '../../src/features/claims/index.ts';
import { openOutlets } from '../../src/open-outlets.ts';
import { scriptedFeatures } from '../core/outlets/scripted-features.ts';
import { keptNotifications } from '../support/kept-notifications.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

const folders = temporaryFolders();
const CLAIMS = { summary: { TotalClaims: 4 }, active: [], byReason: [], byStatus: [], trend: [] };

test('the log calls an outlet up to date once its target is, not while changes wait', async () => {
  const directory = join(folders(), 'exports');
  const settings = {
    EXPORT_CRON: '0 0 1 1 *',
    EXPORT_DIR: directory,
    EXPORT_FORMATS: 'json',
    EXPORT_FEATURES: 'claims',
  };
  const features = scriptedFeatures(['claims', 'users']);
  const onError = (error: unknown) => expect.unreachable(String(error));
  const lines: string[] = [];
  const isUpToDate = Promise.withResolvers<void>();
  const outlets = await openOutlets({
    config: loadConfig(['claims'], settings),
    ...{ features: [claims], running: features.running, clock: systemClock, random: Math.random, onError },
    journal: createJournal({ store: keptNotifications().open(), clock: systemClock, onError }),
    store: volatileOutletStore(),
    log: pino(
      {
        base: null,
        timestamp: false,
      },
      {
        write(line: string) {
          lines.push(line.trim());
          if (readdirSync(directory).some((name) => name.endsWith('.json'))) isUpToDate.resolve();
        },
      },
    ),
  });
  outlets.start();
  features.publish('claims', CLAIMS);
  expect(outlets.all.map((outlet) => outlet.status().waiting)).toEqual([1]);
  expect(lines).toEqual([]);
  features.publish('users', { summary: { TotalUsers: 2 }, list: [] });
  await isUpToDate.promise;
  expect(lines).toEqual(['{"level":30,"outlet":"exports","msg":"up to date"}']);
  expect(readdirSync(directory)).toContainEqual(expect.stringMatching(/^greg-bi-claims-seq1-.*\.json$/));
  await outlets.stop();
});
