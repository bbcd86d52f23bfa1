import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CollectionFile } from '../../../../src/core/feeds/folder/collection-file.ts';
import type { Document } from '../../../../src/core/feeds/folder/document.ts';
import { temporaryFolders } from '../../../support/temporary-folder.ts';

const temporaryFolder = temporaryFolders();
const id = (digit: number) => String(digit).repeat(24);
const line = (digit: number, status = 'Open') => `{"_id":{"$oid":"${id(digit)}"},"status":"${status}"}\n`;
const document = (digit: number, status = 'Open') => ({ _id: id(digit), status });

let path: string;
let warnings: string[];
let replaced: (readonly Document[] | null)[];

beforeEach(() => {
  jest.useFakeTimers();
  path = join(temporaryFolder(), 'support_tickets.jsonl');
  warnings = [];
  replaced = [];
});

afterEach(() => {
  jest.useRealTimers();
});

function open(text: string | null): CollectionFile {
  if (text !== null) writeFileSync(path, text);
  return new CollectionFile({
    path,
    warn: (warning) => warnings.push(warning),
    replace: (documents) => replaced.push(documents),
  });
}

const content = () => readFileSync(path, 'utf8');

describe('a collection in a file', () => {
  test('is read at the start; without a file there is none', () => {
    expect(open(line(1) + line(2)).initial).toEqual([document(1), document(2)]);
    rmSync(path);
    expect(open(null).initial).toBeNull();
    expect(open('').initial).toEqual([]);
  });

  test('with a line that is no document is refused, with its name and the line', () => {
    expect(() => open(`${line(1)}{"status":\n`)).toThrow(`${path}, line 2: `);
  });

  test('gets new documents at its end at once', () => {
    const file = open(line(1));
    file.save([document(1), document(2)], [document(2)]);
    expect(content()).toBe(line(1) + line(2));
    file.poll();
    expect(replaced).toEqual([]);
  });

  test('gets them on a line of their own where the last one was not ended', () => {
    open(line(1).trimEnd()).save([document(1), document(2)], [document(2)]);
    expect(content()).toBe(line(1) + line(2));
  });

  test('is written anew a second after an update, once for several', () => {
    const file = open(line(1));
    file.save([document(1, 'InProgress')], null);
    file.save([document(1, 'Closed')], null);
    expect(content()).toBe(line(1));
    jest.advanceTimersByTime(1_000);
    expect(content()).toBe(line(1, 'Closed'));
    expect(existsSync(`${path}.writing`)).toBe(false);
    file.poll();
    expect(replaced).toEqual([]);
  });

  test('keeps what was appended between an update and its writing', () => {
    const file = open(line(1));
    file.save([document(1, 'Closed')], null);
    file.save([document(1, 'Closed'), document(2)], [document(2)]);
    jest.advanceTimersByTime(1_000);
    expect(content()).toBe(line(1, 'Closed') + line(2));
  });

  test('is written without delay when it is closed', () => {
    const file = open(line(1));
    file.save([document(1, 'Closed')], null);
    file.flush();
    expect(content()).toBe(line(1, 'Closed'));
    jest.advanceTimersByTime(5_000);
    expect(content()).toBe(line(1, 'Closed'));
  });

  test('is made by the first document where there was no file', () => {
    const file = open(null);
    file.save([document(1)], [document(1)]);
    expect(content()).toBe(line(1));
    file.poll();
    expect(replaced).toEqual([]);
  });
});

describe('what a person writes into it', () => {
  test('is read at the next look, once', () => {
    const file = open(line(1));
    writeFileSync(path, line(3) + line(4));
    file.poll();
    file.poll();
    expect(replaced).toEqual([[document(3), document(4)]]);
  });

  test('may be nothing at all: the file is gone, and back', () => {
    const file = open(line(1));
    rmSync(path);
    file.poll();
    writeFileSync(path, line(2));
    file.poll();
    expect(replaced).toEqual([null, [document(2)]]);
  });

  test('is read before anything is appended', () => {
    const file = open(line(1));
    writeFileSync(path, line(3));
    file.save([document(1), document(2)], [document(2)]);
    expect(content()).toBe(line(3) + line(2));
    expect(replaced).toEqual([[document(3), document(2)]]);
  });

  test('counts, not an update that had not been written by then', () => {
    const file = open(line(1));
    file.save([document(1, 'Closed')], null);
    writeFileSync(path, line(1, 'Reopened'));
    jest.advanceTimersByTime(1_000);
    expect(content()).toBe(line(1, 'Reopened'));
    expect(replaced).toEqual([[document(1, 'Reopened')]]);
    writeFileSync(path, line(1, 'Again'));
    file.save([document(1, 'Closed')], null);
    jest.advanceTimersByTime(1_000);
    expect(content()).toBe(line(1, 'Again'));
  });

  test('is reported if it is no document, and never overwritten', () => {
    const file = open(line(1));
    appendFileSync(path, '{"half":');
    file.poll();
    file.poll();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`${path}, line 2: `);
    file.save([document(1, 'Closed')], null);
    jest.advanceTimersByTime(1_000);
    expect(content()).toBe(`${line(1)}{"half":`);
    expect(replaced).toEqual([]);
    writeFileSync(path, line(5));
    file.poll();
    expect(replaced).toEqual([[document(5)]]);
  });

  test('is not added to while its last line is half written', () => {
    const file = open(line(1));
    appendFileSync(path, '{"half":');
    file.save([document(1), document(2)], [document(2)]);
    expect(content()).toBe(`${line(1)}{"half":`);
    appendFileSync(path, '1}\n');
    file.poll();
    expect(content()).toBe(`${line(1)}{"half":1}\n`);
    expect(replaced.at(-1)).toHaveLength(2);
    file.save([document(1), document(3)], [document(3)]);
    expect(content()).toBe(`${line(1)}{"half":1}\n${line(3)}`);
  });
});
