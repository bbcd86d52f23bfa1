import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Instant } from '../figures/calendar.ts';
import { MOST_KEPT } from '../notifications/journal.ts';
import { Notification } from '../notifications/notification.ts';
import type { KeptNotification, NotificationEntry, NotificationPast } from '../notifications/notification-store.ts';
import { parseJson } from '../runtime/json.ts';
import type { Calls } from '../threads/calls.ts';
import { isRow, type Statement, statement } from './statement.ts';
import type { StoreHandlers } from './store-handlers.ts';

/** What a notification needs to be sent again; its instant is text like any other here. */
const Readable = Type.Object({ ...Notification.properties, at: Type.String() });

/** A notification that this version cannot read is left out: it may come from a later one. */
export async function readPast({ call }: Calls<StoreHandlers>): Promise<NotificationPast> {
  const rowsOf = async (sql: string) => (await call('query', statement(sql))).filter(isRow);
  const keys = await rowsOf('select key, id from Notifications order by id');
  const newest = await rowsOf(`select content from Notifications order by id desc limit ${MOST_KEPT}`);
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

/**
 * The statements of one transaction: all of the entry, or nothing. Written twice, they change nothing the second time.
 *
 * @param noted when the entry was made: a memory that another process noted later stays
 */
export function keepEntry(
  { rule, memory, notifications, forgetBefore }: NotificationEntry,
  noted: Instant,
): Statement[] {
  return [
    statement(
      `insert into RuleMemories select ?1, ?2 where not exists (select 1 from RuleMemoryTimes where rule = ?1 and noted > ?3)
       on conflict (rule) do update set memory = excluded.memory`,
      [rule, memory, noted],
    ),
    statement(
      'insert into RuleMemoryTimes values (?, ?) on conflict (rule) do update set noted = max(noted, excluded.noted)',
      [rule, noted],
    ),
    ...notifications.map(keepNotification),
    // Ids are instants.
    statement('delete from Notifications where id < ?', [forgetBefore]),
    statement(
      'delete from Notifications where id <= (select id from Notifications order by id desc limit 1 offset ?)',
      [MOST_KEPT],
    ),
  ];
}

/** Another process may have kept the same occurrence, which then stays, or another with the same id: then the next id is taken. */
function keepNotification({ key, notification }: KeptNotification): Statement {
  return statement(
    `insert into Notifications select free.id, ?2, case free.id when ?1 then ?3 else json_set(?3, '$.id', free.id) end
     from (select case when exists (select 1 from Notifications where id = ?1)
                       then (select max(id) + 1 from Notifications) else ?1 end as id) as free
     where not exists (select 1 from Notifications where key = ?2)`,
    [notification.id, key, JSON.stringify(notification)],
  );
}
