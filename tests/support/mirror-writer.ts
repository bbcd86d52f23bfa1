import type { SourceName } from '../../src/company/table.ts';
import type { MirroredTable } from '../../src/core/mirror/catalog.ts';
import type { MirrorDatabase } from '../../src/core/mirror/database.ts';
import type { MirrorWriter } from '../../src/core/mirror/mirror-writer.ts';

/** A mirror as its feed sees it, but in the same thread. */
export function writerOf(mirror: MirrorDatabase, source: SourceName, tables: readonly MirroredTable[]): MirrorWriter {
  return {
    source,
    tables,
    state: async () => mirror.state(),
    begin: async (kind, catalog) => mirror.begin(kind, catalog),
    rows: async (table, rows) => mirror.rows(table, rows),
    deleted: async (table, keys) => mirror.deleted(table, keys),
    whole: async (table) => mirror.whole(table),
    adopt: async () => null,
    commit: (position) => mirror.commit(position),
    checksums: async () => mirror.checksums(),
    rollback: async () => mirror.rollback(),
  };
}
