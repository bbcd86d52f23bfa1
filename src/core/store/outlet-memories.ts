import type { MemoryChanges } from '../outlets/outlet-memory.ts';
import type { Calls } from '../threads/calls.ts';
import { isRow, type Statement, statement } from './statement.ts';
import type { StoreHandlers } from './store-handlers.ts';

export async function readOutletMemories({
  call,
}: Calls<StoreHandlers>): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const memories = new Map<string, Map<string, string>>();
  const rows = await call('query', statement('select outlet, key, value from OutletMemory'));
  for (const { outlet, key, value } of rows.filter(isRow)) {
    const memory = memories.get(String(outlet)) ?? new Map<string, string>();
    memories.set(String(outlet), memory.set(String(key), String(value)));
  }
  return memories;
}

/** The statements of one transaction. */
export function keepOutletMemory(outlet: string, changes: MemoryChanges): Statement[] {
  return Object.entries(changes).map(([key, value]) =>
    value === null
      ? statement('delete from OutletMemory where outlet = ? and key = ?', [outlet, key])
      : statement(
          'insert into OutletMemory values (?, ?, ?) on conflict (outlet, key) do update set value = excluded.value',
          [outlet, key, value],
        ),
  );
}
