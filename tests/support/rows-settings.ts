import type { RowsSettings } from '../../src/features/rows/settings.ts';
import { ROWS_KEY, ROWS_SPREADSHEET } from './rows-service.ts';

/** Settings for the stand-in of Rows.com. */
export function rowsSettings(settings: Partial<RowsSettings> = {}): RowsSettings {
  return {
    ...{ url: 'https://api.rows.com/v1', key: ROWS_KEY, spreadsheet: ROWS_SPREADSHEET, dashboardTable: null },
    ...{ intervalMs: 900_000, monthlyRequests: 50_000 },
    ...settings,
  };
}
