import type { Feature } from '../../core/runtime/define-feature.ts';
import { isRecord, parseJson } from '../../core/runtime/json.ts';
import { partsOfFiles } from '../../features/exports/export-file.ts';
import type { FileToWrite } from '../../features/exports/export-folder.ts';
import type { Format } from '../../features/exports/format.ts';
import { parseFileName } from '../../features/exports/manifest.ts';
import { ExportError, type ExportedFile, type ExportSource } from './export-source.ts';

const PROBE_WITHIN_MS = 1_000;
const ANSWER_WITHIN_MS = 60_000;

/** Whether a server answers at an address. */
export async function answers(address: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/health`, { signal: AbortSignal.timeout(PROBE_WITHIN_MS) });
    return response.ok;
  } catch {
    return false;
  }
}

/** The files that a running server answers. */
export function exportsOfServer(address: string, token: string | null): ExportSource {
  return {
    async *files({ features, format, part }) {
      for (const feature of features) {
        for (const name of part === null ? partsOfFiles(feature, format) : [part]) {
          yield await fetchFile(address, token, { feature, format, part: name });
        }
      }
    },
    close: async () => {},
  };
}

interface WantedFile {
  readonly feature: Feature;
  readonly format: Format;
  readonly part: string | null;
}

async function fetchFile(address: string, token: string | null, wanted: WantedFile): Promise<ExportedFile> {
  const { feature, format, part } = wanted;
  const query = new URLSearchParams({ format, ...(part === null ? {} : { part }) });
  const response = await fetch(`${address}/api/${feature.name}/export?${query}`, {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  }).catch((error: unknown) => {
    throw new ExportError(`${address} does not answer: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (response.status !== 200) throw new ExportError(await whyRefused(address, feature.name, response));
  return { file: describedFile(address, response.headers), bytes: await response.bytes() };
}

function describedFile(address: string, headers: Headers): FileToWrite {
  const [, name = ''] = /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '') ?? [];
  const named = parseFileName(name);
  const generatedAt = headers.get('snapshot-at');
  const rows = Number(headers.get('row-count') ?? Number.NaN);
  if (named === undefined || generatedAt === null || !Number.isInteger(rows)) {
    throw new ExportError(`${address} answers, but is no Greg BI server of this version`);
  }
  const { feature, part, format, seq } = named;
  return { name, feature, part, format, seq, generatedAt, rows };
}

async function whyRefused(address: string, feature: string, response: Response): Promise<string> {
  const problem = parseJson(await response.text());
  const detail = isRecord(problem) && typeof problem.detail === 'string' ? problem.detail : response.statusText;
  const advice = response.status === 401 ? '; give one with --token-file or EXPORT_TOKEN' : '';
  return `${address} refused to export ${feature} (${response.status}): ${detail}${advice}`;
}
