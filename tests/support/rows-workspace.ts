import { type A1Range, parseRange, type Rendering, RowsTableCells } from './rows-table.ts';

const MOST_CELLS = 10_000;

/** A refusal in the words of the API. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface WorkspaceOptions {
  readonly now: () => number;
  /** How long after the answer a write is seen, ms. */
  readonly writtenAfterMs: () => number;
  /** More cells in one request are too large (413). */
  readonly mostCells: number;
  readonly rendering: Rendering;
}

interface Table {
  readonly id: string;
  readonly name: string;
  readonly cells: RowsTableCells;
}

interface Page {
  readonly id: string;
  readonly name: string;
  readonly tables: Table[];
}

interface Write {
  readonly dueAt: number;
  readonly table: Table;
  readonly range: A1Range;
  readonly values: readonly (readonly string[])[];
}

/** A spreadsheet and the calls that it answers. */
export class RowsWorkspace {
  readonly #options: WorkspaceOptions;
  readonly #pages: Page[] = [{ id: 'page-0', name: 'Page1', tables: [] }];
  readonly #writes: Write[] = [];
  #made = 0;

  constructor(options: WorkspaceOptions) {
    this.#options = options;
  }

  get pageNames(): string[] {
    return this.#pages.map(({ name }) => name);
  }

  get tableNames(): string[] {
    return this.#tables.map(({ name }) => name);
  }

  /** The cells of a table, with every accepted write; undefined if there is no such table. */
  cells(name: string): string[][] | undefined {
    this.#applyUntil(Infinity);
    return this.#tables.find((table) => table.name === name)?.cells.texts();
  }

  /** Makes a table by hand, and returns its id. */
  addTable(name: string, rows: readonly (readonly string[])[] = []): string {
    const [page] = this.#pages;
    const { id } = this.#makeTable(page?.id, name);
    this.overwrite(name, rows);
    return id;
  }

  /** Changes cells by hand, from A1 on. */
  overwrite(name: string, rows: readonly (readonly string[])[]): void {
    const table = this.#tables.find((each) => each.name === name);
    table?.cells.write({ row: 0, column: 0, rows: rows.length, columns: 0 }, rows);
  }

  deleteTable(name: string): void {
    for (const { tables } of this.#pages) {
      const index = tables.findIndex((table) => table.name === name);
      if (index >= 0) tables.splice(index, 1);
    }
  }

  /** @param path below the spreadsheet */
  answer(method: string, path: string, query: string, body: unknown): Response {
    this.#applyUntil(this.#options.now());
    const [, list, first = '', kind, second = ''] = /^(?:\/(\w+))?(?:\/([^/]+)\/(\w+)(?:\/(.+))?)?$/.exec(path) ?? [];
    const call = `${method} ${list ?? ''} ${kind ?? ''}`.trim();
    if (call === 'GET') return this.#describe();
    if (call === 'POST pages') return this.#makePage(nameIn(body));
    if (call === 'POST pages tables' && second === '') {
      const { id, name } = this.#makeTable(first, nameIn(body));
      return Response.json({ id, name });
    }
    if (call === 'POST tables cells') return this.#accept(this.#table(first), rangeIn(second), body);
    if (call === 'GET tables values') {
      if (query !== '?value_render_option=RAW') throw new Refusal(400, `Unexpected query ${query}`);
      return Response.json({ items: this.#table(first).cells.read(rangeIn(second), this.#options.rendering) });
    }
    throw new Refusal(404, `No such endpoint: ${method} ${path}`);
  }

  get #tables(): Table[] {
    return this.#pages.flatMap(({ tables }) => tables);
  }

  #table(id: string): Table {
    const table = this.#tables.find((each) => each.id === id);
    if (table === undefined) throw new Refusal(404, 'Table not found');
    return table;
  }

  #describe(): Response {
    const named = ({ id, name }: { readonly id: string; readonly name: string }) => ({
      ...{ id, name, slug: name.toLowerCase(), created_at: '2026-01-01T00:00:00Z' },
    });
    const pages = this.#pages.map((page) => ({ ...named(page), tables: page.tables.map(named) }));
    return Response.json({ id: 'spreadsheet', name: 'Sales', pages });
  }

  #makePage(name: string): Response {
    this.#made += 1;
    const id = `page-${this.#made}`;
    this.#pages.push({ id, name, tables: [] });
    return Response.json({ id, name });
  }

  #makeTable(pageId: string | undefined, name: string): Table {
    const page = this.#pages.find(({ id }) => id === pageId);
    if (page === undefined) throw new Refusal(404, 'Page not found');
    this.#made += 1;
    const table = { id: `table-${this.#made}`, name, cells: new RowsTableCells() };
    page.tables.push(table);
    return table;
  }

  #accept(table: Table, range: A1Range, body: unknown): Response {
    const { now, writtenAfterMs, mostCells } = this.#options;
    const values = valuesIn(body, range);
    if (range.rows * range.columns > mostCells) throw new Refusal(413, 'Payload too large');
    // Written one after the other, as they were accepted.
    const dueAt = Math.max(this.#writes.at(-1)?.dueAt ?? 0, now() + writtenAfterMs());
    this.#writes.push({ dueAt, table, range, values });
    return new Response(null, { status: 202 });
  }

  #applyUntil(instant: number): void {
    for (let [write] = this.#writes; write !== undefined && write.dueAt <= instant; [write] = this.#writes) {
      write.table.cells.write(write.range, write.values);
      this.#writes.shift();
    }
  }
}

function rangeIn(text: string): A1Range {
  const range = parseRange(decodeURIComponent(text));
  if (range === undefined) throw new Refusal(400, `Invalid range ${text}`);
  if (range.rows * range.columns > MOST_CELLS) throw new Refusal(400, `More than ${MOST_CELLS} cells in ${text}`);
  return range;
}

function valuesIn(body: unknown, { rows, columns }: A1Range): string[][] {
  const cells = property(body, 'cells');
  if (!Array.isArray(cells) || cells.length !== rows) throw new Refusal(400, `cells are not ${rows} rows`);
  return cells.map((row: unknown) => {
    if (!Array.isArray(row) || row.length !== columns) throw new Refusal(400, `A row has not ${columns} cells`);
    return row.map((cell: unknown) => {
      const value = property(cell, 'value');
      if (typeof value !== 'string') throw new Refusal(400, 'The value of a cell is not a text');
      return value;
    });
  });
}

function nameIn(body: unknown): string {
  const name = property(body, 'name');
  if (typeof name !== 'string' || name === '') throw new Refusal(400, 'name is required');
  return name;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
