/** The files of a folder with data; docs/demo.md describes their format. */
export const DATABASE_FILE = 'greg.sqlite';

/** By the collection that they hold. */
export const COLLECTION_FILES = { support_tickets: 'support_tickets.jsonl', logs: 'logs.jsonl' } as const;
