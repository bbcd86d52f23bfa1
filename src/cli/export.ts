import { parseArgs } from 'node:util';
import { type Config, loadConfig } from '../config/config.ts';
import type { Feature } from '../core/runtime/define-feature.ts';
import { InvalidInputError } from '../core/runtime/parse-input.ts';
import { openExportFolder } from '../features/exports/export-folder.ts';
import { FORMATS } from '../features/exports/format.ts';
import { features } from '../features/index.ts';
import { explainStart } from '../start-errors.ts';
import { ExportError, type ExportRequest, type ExportSource } from './export/export-source.ts';
import { answers, exportsOfServer } from './export/from-server.ts';
import { exportsOfSources } from './export/from-sources.ts';

/**
 * Writes the newest figures into files, and prints their paths:
 *
 *     npm run export -- --format xlsx                          every feature
 *     npm run export -- claims financial --format csv          one file for each part
 *     npm run export -- claims --format csv --part active      one part
 *     npm run export -- --format json --out ~/figures          into another folder than EXPORT_DIR
 *     npm run export -- --format xlsx --url https://bi.example --token-file token
 *
 * The files come from a running server: that of `--url`, else the one on PORT of this machine. If none answers there, or with
 * `--sources`, the databases are read instead. A token for the server is read from `--token-file`, else EXPORT_TOKEN.
 *
 * Exits with 1 if something could not be exported, and with 2 if the arguments are wrong.
 */
const OPTIONS = {
  format: { type: 'string' },
  part: { type: 'string' },
  url: { type: 'string' },
  'token-file': { type: 'string' },
  out: { type: 'string' },
  sources: { type: 'boolean' },
} as const;

const USAGE = `npm run export -- [features] --format ${FORMATS.join('|')} [--part name] [--out folder] [--url address] [--token-file path] [--sources]`;

/** The arguments are wrong, and what would be right. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

interface Arguments {
  readonly request: ExportRequest;
  readonly url: string | null;
  readonly tokenFile: string | null;
  readonly out: string | null;
  readonly fromSources: boolean;
}

function readArguments(given: readonly string[]): Arguments {
  const { values, positionals } = parsed(given);
  const format = FORMATS.find((known) => known === values.format);
  if (format === undefined) throw new UsageError(`--format must be one of ${FORMATS.join(', ')}`);
  if (values.url !== undefined && !/^https?:$/.test(URL.parse(values.url)?.protocol ?? '')) {
    throw new UsageError(`--url must be an address such as http://127.0.0.1:8000, not ${JSON.stringify(values.url)}`);
  }
  if (values.url !== undefined && values.sources === true)
    throw new UsageError('--url and --sources exclude each other');
  return {
    request: {
      format,
      features: positionals.length === 0 ? features : positionals.map(featureNamed),
      part: values.part ?? null,
    },
    url: values.url?.replace(/\/+$/, '') ?? null,
    tokenFile: values['token-file'] ?? null,
    out: values.out ?? null,
    fromSources: values.sources === true,
  };
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({ args: [...given], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function featureNamed(name: string): Feature {
  const found = features.find((feature) => feature.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `There is no feature ${name}; the features are ${features.map((feature) => feature.name).join(', ')}`,
  );
}

async function main(): Promise<void> {
  const { request, url, tokenFile, out, fromSources } = readArguments(Bun.argv.slice(2));
  const config = loadConfig(features.map(({ name }) => name));
  const folder = await openExportFolder(out ?? config.exports.directory);
  const source = await openSource(config, url, fromSources, tokenFile);
  try {
    for await (const { file, bytes } of source.files(request)) {
      console.log(await folder.write(file, bytes));
    }
  } finally {
    await source.close();
  }
}

async function openSource(
  config: Config,
  url: string | null,
  fromSources: boolean,
  tokenFile: string | null,
): Promise<ExportSource> {
  const address = url ?? `http://127.0.0.1:${config.port}`;
  if (fromSources || (url === null && !(await answers(address)))) {
    if (!fromSources) console.error(`No server answers at ${address}: reading the sources`);
    return exportsOfSources(config);
  }
  console.error(`Exporting from ${address}`);
  return exportsOfServer(address, await readToken(tokenFile, config.exports.token));
}

async function readToken(path: string | null, fromEnvironment: string | null): Promise<string | null> {
  if (path === null) return fromEnvironment;
  const file = Bun.file(path);
  if (!(await file.exists())) throw new ExportError(`There is no file ${path} with a token`);
  return (await file.text()).trim();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n${USAGE}`);
      process.exit(2);
    }
    const isForPeople = error instanceof ExportError || error instanceof InvalidInputError || isSystemError(error);
    console.error(isForPeople && error instanceof Error ? error.message : (explainStart(error) ?? error));
    process.exit(1);
  },
);

/** A full disk, or a folder that may not be written: its message says which. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
