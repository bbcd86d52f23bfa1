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

/** The schema of a stored notification. Its instant is not validated, only that it is text. */
const Readable = Type.Object({ ...Notification.properties, at: Type.String() });

/** Reads the past. Skips notifications that this version cannot read; a later version may have written them. */
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
 * The statements of one transaction that writes an entry. Writing it twice has no further effect.
 *
 * @param noted when the entry was created; a memory that another process wrote later stays
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

/** The same occurrence from another process stays. If a different occurrence has the id, the next id is used. */
function keepNotification({ key, notification }: KeptNotification): Statement {
  return statement(
    `insert into Notifications select free.id, ?2, case free.id when ?1 then ?3 else json_set(?3, '$.id', free.id) end
     from (select case when exists (select 1 from Notifications where id = ?1)
                       then (select max(id) + 1 from Notifications) else ?1 end as id) as free
     where not exists (select 1 from Notifications where key = ?2)`,
    [notification.id, key, JSON.stringify(notification)],
  );
}
