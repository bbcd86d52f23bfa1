import { type Static, Type } from '@sinclair/typebox';
import { isoInstant } from '../../core/figures/calendar.ts';
import { latestOrRefuse } from '../../core/http/feature-routes.ts';
import { createQuestionDesk } from '../../core/http/question-desk.ts';
import type { Route } from '../../core/http/route.ts';
import { notModified, StoredBody, StoredHeaders, storedResponse } from '../../core/http/stored-response.ts';
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
  const bodyOf = createBodyStore(exporter);
  return running.map((each) => exportRoute(each, exporter, bodyOf));
}

function exportRoute(running: RunningFeature, exporter: Exporter, bodyOf: BodyStore): Route {
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
      const etag = etagOf(file, exporter.options);
      const headers = headersOf(file, etag);
      // A client that has the file does not wait for the encoder.
      return notModified(request, etag, headers) ?? storedResponse(request, await bodyOf(file), etag, headers);
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

type BodyStore = (file: PlannedFile) => Promise<StoredBody>;

/** The bytes of files by snapshot, released with it: each is encoded once. */
function createBodyStore(exporter: Exporter): BodyStore {
  const stored = new WeakMap<Snapshot, Map<string, StoredBody>>();
  const desk = createQuestionDesk<StoredBody>(DESK);
  return async (file) => {
    const bodies = stored.get(file.snapshot) ?? new Map<string, StoredBody>();
    stored.set(file.snapshot, bodies);
    const known = bodies.get(file.name);
    if (known !== undefined) return known;
    // Snapshots with the same number may differ in these.
    const { generatedAt, freshness } = file.snapshot;
    return desk.answer(`${file.name} ${generatedAt} ${freshness.status}`, async () => {
      const body = new StoredBody(new Blob([new Uint8Array(await exporter.encode(file))]));
      bodies.set(file.name, body);
      return body;
    });
  };
}

function etagOf({ format, part, snapshot }: PlannedFile, { dialect, timeZone }: ExportOptions): string {
  const { encoded, freshness } = snapshot;
  return `W/"${hashText(`${encoded.hash} ${format} ${part ?? ''} ${dialect} ${timeZone}`)}-${freshness.status}"`;
}

function headersOf({ name, format, rows, snapshot }: PlannedFile, etag: string): StoredHeaders {
  return new StoredHeaders(CONTENT_TYPES[format], {
    'cache-control': 'no-cache',
    // The name has only letters, digits, hyphens and points, so it needs no extended form (RFC 6266, section 4.3).
    'content-disposition': `attachment; filename="${name}"`,
    'snapshot-seq': String(snapshot.seq),
    'snapshot-at': isoInstant(snapshot.generatedAt),
    'row-count': String(rows),
    etag,
  });
}
