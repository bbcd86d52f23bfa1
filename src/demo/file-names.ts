/** The files of a data folder; docs/demo.md describes their format. */
export const DATABASE_FILE = 'greg.sqlite';

/** Files by collection. */
export const COLLECTION_FILES = { support_tickets: 'support_tickets.jsonl', logs: 'logs.jsonl' } as const;
