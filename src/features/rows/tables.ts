import type { RowsApi, RowsPage } from './api.ts';

/** The page for tables that the spreadsheet lacks. */
const PAGE = 'Greg BI';

export interface FoundTable {
  readonly id: string;
  /** Just made, so every cell is empty. */
  readonly isNew: boolean;
}

/** The tables of the spreadsheet by name. Lists them at the first question, and makes those that are missing. */
export interface Tables {
  findOrMake(name: string): Promise<FoundTable>;
  /** The tables have changed: the next question lists them again. */
  forget(): void;
}

export function createTables(api: RowsApi): Tables {
  let pages: RowsPage[] | undefined;
  let ownPage: string | undefined;
  const forget = () => {
    pages = undefined;
    ownPage = undefined;
  };
  return {
    forget,
    async findOrMake(name) {
      pages ??= await api.pages();
      const found = tableIn(pages, name);
      if (found !== undefined) return { id: found, isNew: false };
      try {
        ownPage ??= pages.find((page) => page.name === PAGE)?.id ?? (await api.createPage(PAGE));
        return { id: await api.createTable(ownPage, name), isNew: true };
      } catch (error) {
        // It may have been made, though the answer was lost.
        forget();
        throw error;
      }
    },
  };
}

/** The id of a table on any page, preferably on our own. */
export function tableIn(pages: readonly RowsPage[], name: string): string | undefined {
  const ordered = [...pages].sort((left, right) => Number(right.name === PAGE) - Number(left.name === PAGE));
  return ordered.flatMap(({ tables = [] }) => tables).find((table) => table.name === name)?.id;
}
