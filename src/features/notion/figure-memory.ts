import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { OutletMemory } from '../../core/outlets/outlet.ts';
import { parseJson } from '../../core/runtime/json.ts';
import { type FigureValue, figureContent } from './figure-values.ts';
import type { FigurePage } from './notion-api.ts';

/** Where the figures are. */
export interface FigureDatabase {
  readonly database: string;
  readonly dataSource: string;
}

const Database = Type.Object({ database: Type.String(), dataSource: Type.String() });

const PageRecord = Type.Object({
  /** Null from before the page is made until Notion confirms it: it may exist. */
  page: Type.Union([Type.String(), Type.Null()]),
  /** What the page shows; null if unknown. */
  content: Type.Union([Type.String(), Type.Null()]),
});

const DATABASE = 'database';
const FIGURE = 'figure ';

export type FigureMemory = ReturnType<typeof openFigureMemory>;

/**
 * What is known of the database of figures: where it is, the page of each figure and what it shows. Entries that cannot be
 * read count as unknown.
 */
export function openFigureMemory(memory: OutletMemory) {
  let database: FigureDatabase | null = parsed(Database, memory.get(DATABASE)) ?? null;
  const record = (key: string) => (database === null ? undefined : parsed(PageRecord, memory.get(FIGURE + key)));
  return {
    get database() {
      return database;
    },
    isSent: (figure: FigureValue) => record(figure.key)?.content === figureContent(figure),
    /** The page of a figure; null if it may exist, undefined if it does not. */
    page: (key: string) => record(key)?.page,
    /** Replaces everything by what a database holds. */
    async replace(found: FigureDatabase, pages: readonly FigurePage[]): Promise<void> {
      const changes: Record<string, string | null> = {};
      for (const [key] of memory.entries()) changes[key] = null;
      // If people copied a page, the oldest is the one that is kept up to date.
      for (const { id, key, content } of pages.toReversed()) changes[FIGURE + key] = write({ page: id, content });
      database = found;
      await memory.save({ ...changes, [DATABASE]: JSON.stringify(found) });
    },
    /** What the pages show is unknown until it is confirmed, and one that is missing may exist. */
    async willWrite(keys: readonly string[]): Promise<void> {
      if (keys.length === 0) return;
      const changes = keys.map((key) => [FIGURE + key, write({ page: record(key)?.page ?? null, content: null })]);
      await memory.save(Object.fromEntries(changes));
    },
    /** The page of a figure was deleted, and another may exist. */
    forgetPage: (key: string) => memory.save({ [FIGURE + key]: write({ page: null, content: null }) }),
    confirm: (page: string, figure: FigureValue) =>
      memory.save({ [FIGURE + figure.key]: write({ page, content: figureContent(figure) }) }),
  };
}

function write(record: { readonly page: string | null; readonly content: string | null }): string {
  return JSON.stringify(record);
}

function parsed<Schema extends TSchema>(schema: Schema, text: string | undefined): Static<Schema> | undefined {
  const value = parseJson(text ?? '');
  return Value.Check(schema, value) ? value : undefined;
}
