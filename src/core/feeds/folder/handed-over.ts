/** Hashes of tables at their last read, by table; unknown ones are omitted. */
export type TableHashes = ReadonlyMap<string, string>;

/** What the mirror certainly holds: a poll counts as applied once the next one starts from its position. */
export interface HandedOver {
  /** The hashes at the position that is asked from. */
  hashesAt(generation: number): TableHashes;
  /** A movement is on its way to the mirror. */
  note(generation: number, hashes: TableHashes): void;
}

interface Noted {
  readonly generation: number;
  readonly hashes: TableHashes;
}

export function createHandedOver(): HandedOver {
  let taken: Noted = { generation: -1, hashes: new Map() };
  let onItsWay: Noted | null = null;
  return {
    hashesAt(generation) {
      if (onItsWay?.generation === generation) taken = onItsWay;
      else if (taken.generation !== generation) taken = { generation, hashes: new Map() };
      onItsWay = null;
      return taken.hashes;
    },
    note(generation, hashes) {
      onItsWay = { generation, hashes };
    },
  };
}
