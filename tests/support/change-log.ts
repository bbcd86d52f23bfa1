/** What a SQL Server of the tests knows of its tables' changes. */
export interface ChangeLog {
  /** As after a committed write to a table. */
  write(table: string): void;
  /** The version of the newest change. */
  readonly version: number;
  changedSince(table: string, version: number): boolean;
  /** The oldest version that can still be asked about; null for a table that is not tracked. */
  minimumVersion(table: string): number | null;
  /** Changes before now can no longer be asked about, as after the retention period or a TRUNCATE. */
  forget(table: string): void;
  writes(table: string): number;
}

export function createChangeLog(tracked: (table: string) => boolean): ChangeLog {
  const newest = new Map<string, number>();
  const minimum = new Map<string, number>();
  const writes = new Map<string, number>();
  let version = 7;
  return {
    write(table) {
      version++;
      newest.set(table, version);
      writes.set(table, (writes.get(table) ?? 0) + 1);
    },
    get version() {
      return version;
    },
    changedSince: (table, since) => (newest.get(table) ?? 0) > since,
    minimumVersion: (table) => (tracked(table) ? (minimum.get(table) ?? 0) : null),
    forget(table) {
      version++;
      minimum.set(table, version);
    },
    writes: (table) => writes.get(table) ?? 0,
  };
}
