import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { MOST_KEPT, MOST_LISTED } from '../notifications/journal.ts';
import { Notification } from '../notifications/notification.ts';
import type { NotificationEntry, NotificationPast } from '../notifications/notification-store.ts';
import { parseJson } from '../runtime/parse-json.ts';
import type { Calls } from '../threads/calls.ts';
import { isRow, statement } from './statement.ts';
import type { StoreHandlers } from './store-handlers.ts';

/** What a notification has to have to be told again; its instant is text like any other here. */
const Readable = Type.Object({ ...Notification.properties, at: Type.String() });

/** A notification that this version cannot read is left out: it may come from a later one. */
export async function readPast({ call }: Calls<StoreHandlers>): Promise<NotificationPast> {
  const rowsOf = async (sql: string) => (await call('query', statement(sql, []))).filter(isRow);
  const keys = await rowsOf('select key, id from Notifications order by id');
  const newest = await rowsOf(`select content from Notifications order by id desc limit ${MOST_LISTED}`);
  const memories = await rowsOf('select rule, memory from RuleMemories');
  return {
    keys: new Map(keys.map(({ key, id }) => [String(key), Number(id)])),
    newest: newest
      .map(({ content }) => parseJson(String(content)))
      .filter((notification) => Value.Check(Readable, notification))
      .reverse(),
    memories: new Map(memories.map(({ rule, memory }) => [String(rule), String(memory)])),
  };
}

/** One transaction: all of the entry, or nothing. */
export function keepNotifications({ call }: Calls<StoreHandlers>, entry: NotificationEntry): Promise<void> {
  const { rule, memory, notifications, forgetBefore } = entry;
  const remember = 'insert into RuleMemories values (?, ?) on conflict (rule) do update set memory = ?2';
  return call('write', [
    statement(remember, [rule, memory]),
    ...notifications.map(({ key, notification }) =>
      statement('insert into Notifications values (?, ?, ?)', [notification.id, key, JSON.stringify(notification)]),
    ),
    // Ids are instants.
    statement('delete from Notifications where id < ?', [forgetBefore]),
    statement(
      'delete from Notifications where id <= (select id from Notifications order by id desc limit 1 offset ?)',
      [MOST_KEPT],
    ),
  ]);
}
