import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import { canMount, mountDisk, mountMissing, type SmallDisk } from '../../support/small-disk.ts';
import { catalogWithout, contentFromScratch, contentOf, load, type OpenedMirror, openSmall } from './small-mirror.ts';

const FULL = new SourceError('The mirror cannot be written: its disk is full');
const rows = (count: number, user: string) =>
  Array.from({ length: count }, (_, id) => [`payment-${id}`, user.repeat(20), 'approved', 1, null]);
const few = { Payments: rows(100, 'a') };
const many = { Payments: rows(20_000, 'b') };

describe.skipIf(!canMount)(`a disk that is full${canMount ? '' : ` (${mountMissing})`}`, () => {
  let disk: SmallDisk;
  let opened: OpenedMirror;
  beforeEach(() => {
    disk = mountDisk(1_500);
    opened = openSmall(join(disk.path, 'mirror.sqlite'));
  });
  afterEach(() => {
    opened.mirror.close();
    disk.close();
  });

  const change = async (payments: typeof many, isWhole: boolean) => {
    const { mirror } = opened;
    mirror.begin('changes', catalogWithout());
    if (isWhole) mirror.whole('Payments');
    mirror.rows('Payments', payments.Payments);
    await mirror.commit('2');
  };

  test.each([
    ['a load', () => load(opened.mirror, many, '2')],
    ['changes', () => change(many, false)],
    ['a whole table', () => change(many, true)],
  ])('refuses %s in words, leaves what was there, and takes it once it is freed', async (_, write) => {
    const { mirror, database } = opened;
    await load(mirror, few);
    const before = contentOf(database());
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(write()).rejects.toThrow(FULL);
      expect(mirror.state()?.position).toBe('1');
      expect(contentOf(database())).toEqual(before);
    }

    disk.resize(64_000);
    await write();
    expect(mirror.state()?.position).toBe('2');
    expect(contentOf(database())).toEqual(await contentFromScratch(many));
  });

  test('refuses the first load as well, at a start and later', async () => {
    await expect(load(opened.mirror, many)).rejects.toThrow(FULL);
    expect(opened.mirror.state()).toBeNull();
    await load(opened.mirror, few);
    opened.mirror.close();

    opened = openSmall(join(disk.path, 'mirror.sqlite'));
    expect(opened.mirror.state()?.position).toBe('1');
  });
});
