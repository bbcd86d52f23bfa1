/** What a workspace at Notion holds, and what people do in it. */

export type PropertyType = 'title' | 'rich_text' | 'number' | 'select' | 'date' | 'checkbox';

/** A property value, in the form of an answer. */
export interface StoredProperty {
  readonly id: string;
  readonly type: PropertyType;
  readonly [type: string]: unknown;
}

export interface StoredPage {
  readonly id: string;
  readonly dataSource: string;
  readonly createdAt: number;
  readonly properties: Record<string, StoredProperty>;
  isTrashed: boolean;
}

export interface StoredDatabase {
  readonly id: string;
  readonly dataSource: string;
  readonly types: Record<string, PropertyType>;
  title: string;
  isTrashed: boolean;
}

export type Workspace = ReturnType<typeof createWorkspace>;

/** The page that is shared with the integration. */
export const PARENT_PAGE = '59833787-2cf9-4fdf-8782-e53db20768a5';

export function createWorkspace() {
  const databases: StoredDatabase[] = [];
  const pages = new Map<string, StoredPage>();
  let ids = 0;
  const nextId = () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`;

  function databaseOf(dataSource: string): StoredDatabase | undefined {
    return databases.find((database) => database.dataSource === dataSource);
  }

  function current(): StoredDatabase {
    const database = databases.findLast(({ isTrashed }) => !isTrashed);
    if (database === undefined) throw new Error('The workspace has no database');
    return database;
  }

  /** Of the databases that are not in the trash. */
  const livePages = () =>
    [...pages.values()].filter(
      ({ isTrashed, dataSource }) => !isTrashed && databaseOf(dataSource)?.isTrashed === false,
    );

  const workspace = {
    databases,
    pages,
    databaseOf,
    livePages,
    isShared: true,
    /** Blocks ever made: a free workspace has 1,000 for life (https://developers.notion.com/reference/workspace-block-limits). */
    blocksMade: 0,
    addDatabase(title: string, types: Record<string, PropertyType>): StoredDatabase {
      const database = { id: nextId(), dataSource: nextId(), title, types, isTrashed: false };
      databases.push(database);
      workspace.blocksMade++;
      return database;
    },
    addPage(dataSource: string, properties: Record<string, StoredProperty>): StoredPage {
      const page = { id: nextId(), dataSource, createdAt: ids, properties, isTrashed: false };
      pages.set(page.id, page);
      workspace.blocksMade++;
      return page;
    },
    pageOf(key: string): StoredPage {
      const page = livePages().find(({ properties }) => titleOf(properties) === key);
      if (page === undefined) throw new Error(`The workspace has no page for ${key}`);
      return page;
    },
    trashPage(key: string): void {
      workspace.pageOf(key).isTrashed = true;
    },
    /** Empties the trash of it too. */
    deletePage(key: string): void {
      pages.delete(workspace.pageOf(key).id);
    },
    trashDatabase(): void {
      current().isTrashed = true;
    },
    deleteDatabase(): void {
      databases.splice(databases.indexOf(current()), 1);
    },
    changeProperty(name: string, change: { readonly name?: string; readonly type?: PropertyType }): void {
      const { types } = current();
      const type = change.type ?? types[name];
      delete types[name];
      if (type !== undefined) types[change.name ?? name] = type;
    },
  };
  return workspace;
}

export function titleOf(properties: Readonly<Record<string, StoredProperty>>): string {
  return textOf(Object.values(properties).find(({ type }) => type === 'title')?.title);
}

/** The text of a list of rich text. */
export function textOf(value: unknown): string {
  if (!Array.isArray(value)) return '';
  const items: readonly unknown[] = value;
  return items
    .map((item) => (typeof item === 'object' && item !== null && 'plain_text' in item ? String(item.plain_text) : ''))
    .join('');
}
