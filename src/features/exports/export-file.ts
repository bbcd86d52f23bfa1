import { isoInstant } from '../../core/figures/calendar.ts';
import { createCalendar } from '../../core/figures/zone.ts';
import { Problem } from '../../core/problems.ts';
import type { Feature } from '../../core/runtime/define-feature.ts';
import type { Snapshot } from '../../core/runtime/snapshot.ts';
import type { Encoder } from './encoder.ts';
import { type CsvDialect, type Format, holdsEveryPart, MOST_SHEET_ROWS } from './format.ts';
import { packTable, type TableEncoding } from './packed-table.ts';
import { type ExportPart, exportParts, partNamed, refuseMissingPart, tableOf } from './parts.ts';
import type { Table } from './table.ts';

/** A file to be written: what it holds of which snapshot. */
export interface PlannedFile {
  /** `greg-bi-claims-active-seq12-2026-11-27.csv`. */
  readonly name: string;
  readonly feature: string;
  /** Null for a file of every part. */
  readonly part: string | null;
  readonly format: Format;
  readonly snapshot: Snapshot;
  readonly tables: readonly Table[];
  /** Of all its tables. */
  readonly rows: number;
}

/** What is exported, and how. */
export interface ExportOptions {
  readonly dialect: CsvDialect;
  /** Of the dates in file names, and of the wall clock in workbooks. */
  readonly timeZone: string;
}

export interface Exporter {
  readonly options: ExportOptions;
  /**
   * The file of a part of a snapshot, or of every part.
   *
   * @param part its name or alias; null for every part
   * @throws InvalidInputError if there is no such part, or the format needs one; Problem if a sheet has too many rows
   */
  plan(feature: Feature, snapshot: Snapshot, format: Format, part: string | null): PlannedFile;
  /** The bytes of a file. @throws SourceError if it could not be encoded */
  encode(file: PlannedFile): Promise<Uint8Array>;
}

export function createExporter(options: ExportOptions, encoder: Encoder): Exporter {
  const calendar = createCalendar(options.timeZone);
  return {
    options,
    plan(feature, snapshot, format, partName) {
      const parts = chosenParts(feature, format, partName);
      const tables = parts.map((part) => tableOf(part, snapshot.data));
      if (format === 'xlsx') refuseTooManyRows(tables);
      const part = partName === null ? null : (parts[0]?.name ?? null);
      const { name } = feature;
      const subject = part === null ? name : `${name}-${part}`;
      const day = calendar.dayOf(snapshot.generatedAt);
      return {
        name: `greg-bi-${subject}-seq${snapshot.seq}-${day}.${format}`,
        feature: name,
        ...{ part, format, snapshot, tables },
        rows: tables.reduce((sum, { rows }) => sum + rows.length, 0),
      };
    },
    async encode(file) {
      if (file.format === 'json') return new TextEncoder().encode(jsonOf(file));
      return encoder.encode(file.tables.map(packTable), encodingOf(file, file.format, options));
    },
  };
}

/** The names of the parts that the files of a feature in a format hold: one null for a file of every part. */
export function partsOfFiles(feature: Feature, format: Format): readonly (string | null)[] {
  if (holdsEveryPart(format)) return [null];
  return exportParts(feature).flatMap(({ name, isSelection }) => (isSelection ? [] : [name]));
}

/** Every file of a snapshot in a format. */
export function plannedFiles(feature: Feature, snapshot: Snapshot, format: Format, exporter: Exporter): PlannedFile[] {
  return partsOfFiles(feature, format).map((part) => exporter.plan(feature, snapshot, format, part));
}

function chosenParts(feature: Feature, format: Format, name: string | null): readonly ExportPart[] {
  const parts = exportParts(feature);
  if (name !== null) return [partNamed(parts, name)];
  return holdsEveryPart(format) ? parts.filter(({ isSelection }) => !isSelection) : refuseMissingPart(parts, format);
}

function refuseTooManyRows(tables: readonly Table[]): void {
  const large = tables.find(({ rows }) => rows.length > MOST_SHEET_ROWS);
  if (large === undefined) return;
  throw new Problem(
    'invalid-request',
    `${large.name} has ${large.rows.length} rows and a sheet holds ${MOST_SHEET_ROWS}; export it as csv or parquet`,
  );
}

function encodingOf(file: PlannedFile, format: Exclude<Format, 'json'>, options: ExportOptions): TableEncoding {
  if (format === 'csv') return { format, dialect: options.dialect };
  if (format === 'xlsx') return { format, timeZone: options.timeZone };
  const { feature, part, snapshot } = file;
  const { seq, generatedAt, freshness } = snapshot;
  const metadata = {
    feature,
    part: part ?? '',
    seq: String(seq),
    generatedAt: isoInstant(generatedAt),
    status: freshness.status,
  };
  return { format, metadata };
}

/** `{ feature, part?, seq, generatedAt, status, data }`; without a part, `data` is that of the snapshot. */
function jsonOf({ feature, part, snapshot, tables: [table] }: PlannedFile): string {
  const { seq, generatedAt, freshness, encoded } = snapshot;
  const head = JSON.stringify({
    feature,
    ...(part === null ? {} : { part }),
    seq,
    generatedAt: isoInstant(generatedAt),
    status: freshness.status,
  });
  const data = part === null || table === undefined ? encoded.data : JSON.stringify(table.rows);
  return `${head.slice(0, -1)},"data":${data}}`;
}
