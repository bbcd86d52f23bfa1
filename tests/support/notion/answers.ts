import { PARENT_PAGE, type StoredDatabase, type StoredPage, type Workspace } from './workspace.ts';

/** Objects in the form of Notion's answers (https://developers.notion.com/reference, version 2026-03-11). */

export function pageAnswer(workspace: Workspace, page: StoredPage) {
  const isInTrashedDatabase = workspace.databaseOf(page.dataSource)?.isTrashed !== false;
  return {
    object: 'page',
    id: page.id,
    created_time: new Date(page.createdAt).toISOString(),
    parent: { type: 'data_source_id', data_source_id: page.dataSource },
    in_trash: page.isTrashed || isInTrashedDatabase,
    properties: page.properties,
  };
}

export function databaseAnswer({ id, dataSource, title, isTrashed }: StoredDatabase) {
  return {
    object: 'database',
    id,
    title: [{ type: 'text', plain_text: title }],
    parent: { type: 'page_id', page_id: PARENT_PAGE },
    in_trash: isTrashed,
    data_sources: [{ id: dataSource, name: title }],
  };
}

export function dataSourceAnswer({ id, dataSource, types, isTrashed }: StoredDatabase) {
  return {
    object: 'data_source',
    id: dataSource,
    parent: { type: 'database_id', database_id: id },
    in_trash: isTrashed,
    properties: Object.fromEntries(
      Object.entries(types).map(([name, type]) => [name, { id: name.toLowerCase(), name, type, [type]: {} }]),
    ),
  };
}

/** The blocks of the page: a text, then its databases. */
export function blockAnswers({ databases }: Workspace) {
  const text = {
    object: 'block',
    id: `${PARENT_PAGE.slice(0, -1)}0`,
    type: 'paragraph',
    in_trash: false,
    paragraph: {},
  };
  const children = databases
    .filter(({ isTrashed }) => !isTrashed)
    .map(({ id, title }) => ({
      object: 'block',
      id,
      type: 'child_database',
      in_trash: false,
      child_database: { title },
    }));
  return [text, ...children];
}

/** One page of a list (https://developers.notion.com/reference/intro#pagination). */
export function listAnswer(items: readonly object[], cursor: string | undefined, size: number, limit = Infinity) {
  const from = cursor === undefined ? 0 : Number(cursor.replace('cursor-', ''));
  const to = Math.min(from + size, items.length, limit);
  const isLimited = to === limit && items.length > limit;
  const hasMore = to < items.length && !isLimited;
  return {
    object: 'list',
    results: items.slice(from, to),
    has_more: hasMore,
    next_cursor: hasMore ? `cursor-${to}` : null,
    request_status: isLimited
      ? { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' }
      : { type: 'complete' },
  };
}
