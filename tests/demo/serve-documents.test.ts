import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Document, DocumentReply, DocumentRequest } from '../../src/core/sources/mongo/embedded/messages.ts';
import type { DocumentPort } from '../../src/core/sources/mongo/embedded/serve.ts';
import { makeFiles } from '../../src/demo/make-files.ts';
import { serveDemoDocuments } from '../../src/demo/serve-documents.ts';
import type { DemoData } from '../../src/demo/worker-messages.ts';
import { ANCHOR, SMALL } from './company.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

const temporaryFolder = temporaryFolders();

/** The Worker's end of the documents, asked without any thread between. */
function serve(data: DemoData) {
  const replies: DocumentReply[] = [];
  const port: DocumentPort = { onmessage: null, postMessage: (reply) => replies.push(reply) };
  serveDemoDocuments(data, port);
  const ask = (request: DocumentRequest) => {
    replies.length = 0;
    port.onmessage?.(new MessageEvent('message', { data: request }));
    return replies.find(({ kind }) => kind === 'results' || kind === 'failed');
  };
  const count = () => {
    const pipeline = [{ $group: { _id: null, lines: { $sum: 1 } } }];
    const reply = ask({ id: 1, kind: 'aggregate', collection: 'logs', pipeline });
    const [result] = reply?.kind === 'results' ? reply.results : [];
    return typeof result === 'object' && result !== null && 'lines' in result ? result.lines : 0;
  };
  return { ask, count };
}

/** Log lines of three days, up to the anchor. */
function manyLines(count: number): Document[] {
  return Array.from({ length: count }, (_, index) => ({
    _id: (2 ** 40 + index).toString(16).padStart(24, '0'),
    timestamp: new Date(ANCHOR - ((count - 1 - index) / count) * 3 * 86_400_000),
    level: 'Debug',
  }));
}

function folder(isGenerated: boolean): DemoData & { readonly directory: string } {
  const directory = temporaryFolder();
  makeFiles(directory, SMALL, () => {});
  return { kind: 'folder', directory, isGenerated };
}

const insertion = (documents: readonly Document[]): DocumentRequest => ({
  id: 2,
  kind: 'insert',
  collection: 'logs',
  documents,
});

describe('log lines', () => {
  test('in memory are dropped once there are very many', () => {
    const { ask, count } = serve({ kind: 'generated', spec: SMALL, keptIn: null });
    ask(insertion(manyLines(49_000)));
    expect(count()).toBe(49_500);
    ask(insertion(manyLines(1_000)));
    expect(count()).toBe(25_000);
  });

  test('in a folder that we made are dropped from the file too', () => {
    const data = folder(true);
    const { ask, count } = serve(data);
    ask(insertion(manyLines(60_000)));
    expect(count()).toBe(25_000);
    ask({ id: 3, kind: 'close' });
    const lines = readFileSync(join(data.directory, 'logs.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(25_000);
  });

  test("in somebody's own folder are all kept", () => {
    const data = folder(false);
    const { ask, count } = serve(data);
    ask(insertion(manyLines(60_000)));
    expect(count()).toBe(60_500);
    ask({ id: 3, kind: 'close' });
    expect(readFileSync(join(data.directory, 'logs.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(60_500);
  });
});
