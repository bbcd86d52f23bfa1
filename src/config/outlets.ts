import type { EnvironmentReader } from './environment-reader.ts';
import * as kind from './kinds.ts';

/** Null without a key: then nothing is sent to Rows.com. */
export function readRows(reader: EnvironmentReader) {
  const { read, usedIf } = reader.section('Rows.com');
  const key = reader.section('Rows.com').read('ROWS_API_KEY', kind.apiToken, null, {
    help: 'Key to the API of Rows.com; without it nothing is sent there',
    isSecret: true,
  });
  const spreadsheet = read('ROWS_SPREADSHEET_ID', kind.identifier, null, {
    help: 'Spreadsheet to fill: the id at the end of its name in its address',
  });
  const settings = {
    dashboardTable: read('ROWS_TABLE_ID', kind.identifier, null, {
      help: 'Table of the sheet Dashboard',
      fallbackWords: 'the table with that name',
    }),
    url: read('ROWS_API_URL', kind.apiAddress, 'https://api.rows.com/v1', { help: 'Address of the API of Rows.com' }),
    intervalMs: read('ROWS_INTERVAL_MS', kind.milliseconds(1_000, 7 * 86_400_000), 900_000, {
      help: 'How often changed figures are sent, unless the requests of the month ask for longer',
    }),
    monthlyRequests: read('ROWS_MONTHLY_REQUESTS', kind.wholeNumber(1, 100_000_000), 500, {
      help: 'Requests in a calendar month, at most; 500 is what the smallest plan includes, Plus has 50000',
    }),
  };
  usedIf(key !== null, 'without ROWS_API_KEY nothing is sent to Rows.com');
  if (key === null) return null;
  if (spreadsheet !== null) return { key, spreadsheet, ...settings };
  if (!reader.isSet('ROWS_SPREADSHEET_ID')) {
    reader.problems.push(
      'ROWS_SPREADSHEET_ID: it is not set, but ROWS_API_KEY is; set it to the id at the end of the name of the ' +
        'spreadsheet in its address, https://rows.com/<workspace>/<name>-<id>/…, or remove ROWS_API_KEY',
    );
  }
  return null;
}

/** Null without a token: then nothing is sent to Notion. */
export function readNotion(reader: EnvironmentReader) {
  const { read, usedIf } = reader.section('Notion');
  const token = reader.section('Notion').read(['NOTION_TOKEN', 'NOTION_API_KEY'], kind.apiToken, null, {
    help: 'Token of an integration of Notion; without it nothing is sent there',
    isSecret: true,
  });
  const pageId = read('NOTION_PAGE_ID', kind.notionPage, null, {
    help: 'Page to keep the database of figures on: its id or its address; share it with the integration',
  });
  const url = read('NOTION_API_URL', kind.apiAddress, 'https://api.notion.com', {
    help: "Address of Notion's API, without /v1",
  });
  const intervalMs = read('NOTION_INTERVAL_MS', kind.milliseconds(1_000, 86_400_000), 15 * 60_000, {
    help: 'The figures that changed are sent to Notion once per interval',
  });
  usedIf(token !== null, 'without NOTION_TOKEN nothing is sent to Notion');
  if (token === null) return null;
  if (pageId === null && !reader.isSet('NOTION_PAGE_ID')) {
    reader.problems.push(
      'NOTION_PAGE_ID: is not set, and NOTION_TOKEN is; the id or the address of the page that the figures go to would do',
    );
  }
  const withoutVersion = url.replace(/\/v1$/, '');
  if (withoutVersion !== url) reader.notices.push('NOTION_API_URL: the /v1 at its end is left out, since it is added');
  return { token, pageId: pageId ?? '', url: withoutVersion, intervalMs };
}

const EXPORT_FORMATS = kind.listOf('csv', 'json', 'xlsx', 'parquet');
const USUAL_FORMATS = EXPORT_FORMATS.parse('xlsx');
const EVERY_FEATURE: readonly string[] = [];

export function readExports({ section }: EnvironmentReader, features: readonly string[], timeZone: string) {
  const { read } = section('Exports');
  const common = {
    directory: read('EXPORT_DIR', kind.path, 'output/exports', {
      help: 'Folder for exported files and their manifest',
    }),
    dialect: read('EXPORT_CSV', kind.oneOf('rfc4180', 'excel-pt-br'), 'rfc4180', {
      help: 'How CSV is written: excel-pt-br has semicolons, decimal commas and a byte order mark',
    }),
    token: read('EXPORT_TOKEN', kind.text, null, {
      help: 'Token that `npm run export` sends to a running server',
      isSecret: true,
    }),
  };
  const scheduled = section('Exports');
  const pattern = scheduled.read('EXPORT_CRON', kind.cronPattern(timeZone), null, {
    help: 'When files are exported: minute, hour, day, month, weekday in BI_TIME_ZONE; without it, only on request',
    example: '0 6 * * *',
  });
  const schedule = {
    formats: scheduled.read('EXPORT_FORMATS', EXPORT_FORMATS, USUAL_FORMATS, {
      help: 'Formats of the files: csv, json, xlsx, parquet',
    }),
    features: scheduled.read('EXPORT_FEATURES', kind.listOf(...features), EVERY_FEATURE, {
      help: 'Features to export',
      fallbackWords: 'all',
    }),
    keepDays: scheduled.read('EXPORT_KEEP_DAYS', kind.wholeNumber(1, 36_500), 30, {
      help: 'Older files are deleted, except the newest of each kind',
    }),
    keepBytes: scheduled.read('EXPORT_KEEP_MB', kind.megabytes(1, 1_000_000), 500 * 2 ** 20, {
      help: 'Size of all files, in MB; the oldest are deleted first',
    }),
  };
  scheduled.usedIf(pattern !== null, 'without EXPORT_CRON nothing is exported on a schedule');
  return { ...common, schedule: pattern === null ? null : { ...schedule, pattern } };
}
