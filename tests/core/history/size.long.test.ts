import { expect, test } from 'bun:test';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { HISTORY_FILE } from '../../../src/core/history/history.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { DAYS, recordQuarter } from './record-quarter.ts';

const folder = temporaryFolders();
/** Seven days of minutes, 83 of hours, and the log. */
const AT_MOST_BYTES = 24 * 1024 ** 2;

test(`${DAYS} days of every figure of all features stay small on the disk`, async () => {
  const path = join(folder(), HISTORY_FILE);
  const history = await recordQuarter(path, Date.UTC(2026, 4, 20, 15));
  await history.close();
  const { size } = statSync(path);
  console.log(`${DAYS} days of all features: ${(size / 1024 ** 2).toFixed(1)} MB`);
  expect(size).toBeLessThan(AT_MOST_BYTES);
}, 60_000);
