import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PLACES = ['/usr/bin/soffice', '/usr/bin/libreoffice'];
const PROGRAM = PLACES.find((path) => existsSync(path));

/** Why LibreOffice cannot be used; null if it can. */
export const libreOfficeMissing: string | null = PROGRAM === undefined ? 'no LibreOffice is installed here' : null;

/** A cell as LibreOffice understands it. */
export interface OfficeCell {
  /** `string`, `float`, `currency`, `percentage`, `date`, `boolean`; null for an empty cell. */
  readonly type: string | null;
  /** Of a date `2026-03-01T09:00:00`, of a boolean `true`, else the number or the text. */
  readonly value: string;
  /** Undefined for a cell without one. */
  readonly formula: string | undefined;
}

export interface OfficeSheet {
  readonly name: string;
  readonly rows: readonly (readonly OfficeCell[])[];
}

/** How LibreOffice reads CSV (its documentation, "CSV Filter Options"): separator, quote, UTF-8, first line, columns, language. */
export const CSV_FILTERS = {
  rfc4180: 'CSV:44,34,76,1,,1033,false,false',
  'excel-pt-br': 'CSV:59,34,76,1,,1046,false,false',
} as const;

export interface OfficeFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Opens workbooks or CSV files as LibreOffice does, and returns the sheets of each. One call is much faster than one a file.
 *
 * @param filter how to read them, for CSV
 */
export async function readWithLibreOffice(files: readonly OfficeFile[], filter?: string): Promise<OfficeSheet[][]> {
  if (PROGRAM === undefined) throw new Error('There is no LibreOffice');
  const folder = await mkdtemp(join(tmpdir(), 'greg-office-'));
  try {
    const paths = files.map(({ name }) => join(folder, name));
    await Promise.all(files.map(({ bytes }, index) => writeFile(paths[index] ?? '', bytes)));
    const child = Bun.spawn(
      [
        ...[PROGRAM, '--headless', '--norestore', `-env:UserInstallation=file://${folder}/profile`],
        ...(filter === undefined ? [] : [`--infilter=${filter}`]),
        ...['--convert-to', 'fods', '--outdir', join(folder, 'out'), ...paths],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await child.exited;
    return await Promise.all(
      files.map(async ({ name }) => {
        const written = join(folder, 'out', name.replace(/\.\w+$/, '.fods'));
        if (existsSync(written)) return sheetsOf(await readFile(written, 'utf8'));
        throw new Error(`LibreOffice cannot read ${name}: ${await new Response(child.stderr).text()}`);
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The sheets of an OpenDocument file that LibreOffice wrote (OpenDocument 1.3, section 9.1). */
function sheetsOf(text: string): OfficeSheet[] {
  const tables = text.matchAll(/<table:table table:name="([^"]*)"[^>]*>(.*?)<\/table:table>/gs);
  return [...tables].map(([, name = '', content = '']) => ({
    name: unescaped(name),
    rows: rowsOf(content),
  }));
}

function rowsOf(content: string): OfficeCell[][] {
  const rows = content.matchAll(/<table:table-row([^>]*?)(?:\/>|>(.*?)<\/table:table-row>)/gs);
  const all = [...rows].flatMap(([, attributes = '', cells = '']) => {
    const row = cellsOf(cells);
    // The unused rest of a sheet is one row, repeated.
    return row.length === 0 ? [] : Array.from({ length: repeated(attributes, 'rows') }, () => row);
  });
  return all;
}

function cellsOf(content: string): OfficeCell[] {
  const cells = content.matchAll(/<table:table-cell([^>]*?)(?:\/>|>(.*?)<\/table:table-cell>)/gs);
  const all = [...cells].flatMap(([, attributes = '', inside = '']) => {
    const cell = cellOf(attributes, inside);
    const count = repeated(attributes, 'columns');
    return Array.from({ length: count > 1_000 ? 0 : count }, () => cell);
  });
  while (all.at(-1)?.type === null) all.pop();
  return all;
}

function cellOf(attributes: string, inside: string): OfficeCell {
  const read = (name: string) => {
    const [, value] = new RegExp(`${name}="([^"]*)"`).exec(attributes) ?? [];
    return value === undefined ? undefined : unescaped(value);
  };
  const type = read('office:value-type') ?? null;
  const value = read('office:value') ?? read('office:date-value') ?? read('office:boolean-value') ?? textOf(inside);
  return { type, value, formula: read('table:formula') };
}

function textOf(inside: string): string {
  const paragraphs = [...inside.matchAll(/<text:p(?:\/>|>(.*?)<\/text:p>)/gs)].map(([, text = '']) => text);
  return unescaped(
    paragraphs
      .join('\n')
      .replaceAll(/<text:s(?: text:c="(\d+)")?\/>/g, (_, count: string | undefined) => ' '.repeat(Number(count ?? 1)))
      .replaceAll('<text:tab/>', '\t')
      .replaceAll('<text:line-break/>', '\n')
      .replaceAll(/<[^>]+>/g, ''),
  );
}

function repeated(attributes: string, what: 'rows' | 'columns'): number {
  const [, count = '1'] = new RegExp(`table:number-${what}-repeated="(\\d+)"`).exec(attributes) ?? [];
  return Number(count);
}

function unescaped(text: string): string {
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replaceAll(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return names[name] ?? whole;
      return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
    },
  );
}
