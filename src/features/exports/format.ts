/** The formats of exported files. */
export const FORMATS = ['csv', 'json', 'xlsx', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

export const CSV_DIALECTS = ['rfc4180', 'excel-pt-br'] as const;

/**
 * How CSV is written. `rfc4180`: commas, decimal points, UTF-8. `excel-pt-br`: semicolons, decimal commas and a byte order
 * mark, which Excel in Portuguese opens without an import.
 */
export type CsvDialect = (typeof CSV_DIALECTS)[number];

/** Media types (IANA); CSV has a header row (RFC 4180, section 3). */
export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
};

/** Excel's limit of rows, without the header row. */
export const MOST_SHEET_ROWS = 1_048_575;

/** Formats whose file may hold every part of a feature; the others hold one table. */
export function holdsEveryPart(format: Format): boolean {
  return format === 'json' || format === 'xlsx';
}
