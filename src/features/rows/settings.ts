/** Where to write in Rows.com, and how often. */
export interface RowsSettings {
  /** Of the API, without a slash at the end. */
  readonly url: string;
  readonly key: string;
  readonly spreadsheet: string;
  /** The table of the sheet Dashboard; null to find it by name. */
  readonly dashboardTable: string | null;
  readonly intervalMs: number;
  /** Requests in a calendar month, at most. */
  readonly monthlyRequests: number;
}
