import { type Static, Type } from '@sinclair/typebox';
import { isoInstant } from '../../core/figures/calendar.ts';
import { latestOrRefuse } from '../../core/http/feature-routes.ts';
import { createQuestionDesk } from '../../core/http/question-desk.ts';
import type { Route } from '../../core/http/route.ts';
import { StoredBody, StoredHeaders, storedResponse } from '../../core/http/stored-response.ts';
import { hashText } from '../../core/runtime/encode-content.ts';
import { parseInput } from '../../core/runtime/parse-input.ts';
import { InstantText } from '../../core/runtime/schema.ts';
import type { Snapshot } from '../../core/runtime/snapshot.ts';
import type { RunningFeature } from '../../core/runtime/supervisor.ts';
import type { Exporter, ExportOptions, PlannedFile } from './export-file.ts';
import { CONTENT_TYPES, FORMATS, type Format } from './format.ts';
import { exportParts } from './parts.ts';

/** Few at a time: the encoder works on one after another. */
const DESK = { places: 2, queue: 64, deadlineMs: 25_000 };

/** `GET /api/{feature}/export` of each feature. */
export function exportRoutes(running: readonly RunningFeature[], exporter: Exporter): Route[] {
  const store = createStore(exporter);
  return running.map((each) => exportRoute(each, exporter, store));
}

function exportRoute(running: RunningFeature, exporter: Exporter, store: Store): Route {
  const { feature } = running;
  const query = querySchema(exportParts(feature).map(({ name }) => name));
  const path = `/${feature.name}/export`;
  return {
    method: 'GET',
    path: `/api${path}`,
    aliases: [path],
    tag: feature.name,
    summary: `${feature.title.en}: the latest snapshot, or a part of it, as a file`,
    query,
    response: {
      status: 200,
      description: 'The file',
      schema: ExportedJson,
      otherContentTypes: FORMATS.filter((format) => format !== 'json').map(mediaType),
    },
    headers: ['Content-Disposition', 'Snapshot-Seq', 'Snapshot-At', 'Row-Count'],
    bodiless: { 304: 'The client has the current content' },
    problems: ['invalid-request', 'not-ready', 'busy', 'source-unavailable', 'source-too-slow'],
    async handle({ request }) {
      const { format, part } = readQuery(query, request);
      const file = exporter.plan(feature, latestOrRefuse(running), format, part);
      const { body, etag, headers } = await store(file);
      return storedResponse(request, body, etag, headers);
    },
  };
}

const ExportedJson = Type.Object(
  {
    feature: Type.String({ examples: ['claims'] }),
    part: Type.Optional(Type.String({ description: 'Absent if the file holds every part', examples: ['figures'] })),
    seq: Type.Integer({ minimum: 0, examples: [7] }),
    generatedAt: InstantText('The instant that every figure takes as "now"'),
    status: Type.Union([Type.Literal('live'), Type.Literal('stale')], { examples: ['live'] }),
    data: Type.Unknown({ description: 'The rows of the part, or the whole data', examples: [[]] }),
  },
  { $id: 'Export', description: 'An exported file in format json' },
);

function querySchema(parts: readonly string[]) {
  return Type.Object({
    format: Type.Union(
      FORMATS.map((format) => Type.Literal(format)),
      { description: `Format of the file: ${FORMATS.join(', ')}; json by default`, default: 'json' },
    ),
    part: Type.Optional(
      Type.String({
        description: `Part of the snapshot: ${parts.join(', ')}. Without it json and xlsx hold every part`,
        examples: ['figures'],
      }),
    ),
  });
}

function readQuery(schema: ReturnType<typeof querySchema>, request: Request): { format: Format; part: string | null } {
  const query: Static<typeof schema> = parseInput(schema, Object.fromEntries(new URL(request.url).searchParams));
  return { format: query.format, part: query.part ?? null };
}

/** Without parameters, as OpenAPI has it. */
function mediaType(format: Format): string {
  return CONTENT_TYPES[format].split(';', 1)[0] ?? format;
}

interface StoredExport {
  readonly body: StoredBody;
  readonly etag: string;
  readonly headers: StoredHeaders;
}

type Store = (file: PlannedFile) => Promise<StoredExport>;

/** Files by snapshot, released with it: each is encoded once. */
function createStore(exporter: Exporter): Store {
  const stored = new WeakMap<Snapshot, Map<string, StoredExport>>();
  const desk = createQuestionDesk<StoredExport>(DESK);
  return async (file) => {
    const files = stored.get(file.snapshot) ?? new Map<string, StoredExport>();
    stored.set(file.snapshot, files);
    const key = `${file.name} ${file.snapshot.freshness.status}`;
    const known = files.get(key);
    if (known !== undefined) return known;
    return desk.answer(key, async () => {
      const made = storedExport(file, await exporter.encode(file), exporter.options);
      files.set(key, made);
      return made;
    });
  };
}

function storedExport(file: PlannedFile, bytes: Uint8Array, options: ExportOptions): StoredExport {
  const { name, format, part, rows, snapshot } = file;
  const { seq, generatedAt, encoded, freshness } = snapshot;
  const etag = `W/"${hashText(`${encoded.hash} ${format} ${part ?? ''} ${options.dialect} ${options.timeZone}`)}-${freshness.status}"`;
  const headers = new StoredHeaders(CONTENT_TYPES[format], {
    'cache-control': 'no-cache',
    // The name has only letters, digits, hyphens and points, so it needs no extended form (RFC 6266, section 4.3).
    'content-disposition': `attachment; filename="${name}"`,
    'snapshot-seq': String(seq),
    'snapshot-at': isoInstant(generatedAt),
    'row-count': String(rows),
    etag,
  });
  return { body: new StoredBody(new Blob([new Uint8Array(bytes)])), etag, headers };
}
