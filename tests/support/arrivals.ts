/** What a client has received, for tests that wait for some of it. */
export interface Arrivals<Item> {
  /** Everything so far, oldest first. */
  readonly all: readonly Item[];
  add(item: Item): void;
  /** Nothing more will arrive: pending waits fail with this message. */
  end(reason: string): void;
  /**
   * The earliest matching item that was not taken before.
   *
   * @throws Error when none comes in time, or the end comes first
   */
  take(fits: (item: Item) => boolean, options?: TakeOptions): Promise<Item>;
  /** The earliest item that fits, taken or not. @throws Error when none comes in time, or the end comes first */
  find(fits: (item: Item) => boolean): Promise<Item>;
}

export interface TakeOptions {
  /** Items before the matching one count as taken too. */
  readonly skip?: boolean;
}

/**
 * @param patienceMs longer than any item takes: only a test that fails waits so long
 * @param describe an item in the message of a wait that failed
 */
export function createArrivals<Item>(patienceMs: number, describe: (item: Item) => unknown): Arrivals<Item> {
  const all: Item[] = [];
  const untaken = new Set<number>();
  const waits = new Set<() => void>();
  let ending: string | undefined;
  const look = () => {
    for (const wait of waits) wait();
  };
  const failure = () => {
    const last = JSON.stringify(all.slice(-3).map(describe)).slice(0, 500);
    return new Error(`${ending ?? 'It did not come in time'}; ${all.length} came, the last were ${last}`);
  };
  const wait = (search: () => Item | undefined) =>
    new Promise<Item>((resolve, reject) => {
      const attempt = () => {
        const item = search();
        if (item === undefined && ending === undefined) return;
        stop();
        if (item === undefined) reject(failure());
        else resolve(item);
      };
      const stop = () => {
        clearTimeout(timer);
        waits.delete(attempt);
      };
      const timer = setTimeout(() => {
        stop();
        reject(failure());
      }, patienceMs);
      waits.add(attempt);
      attempt();
    });
  const takeNow = (fits: (item: Item) => boolean, skip: boolean): Item | undefined => {
    for (const index of untaken) {
      const item = all[index];
      const isFound = item !== undefined && fits(item);
      if (isFound || skip) untaken.delete(index);
      if (isFound) return item;
    }
    return undefined;
  };
  return {
    all,
    add(item) {
      untaken.add(all.push(item) - 1);
      look();
    },
    end(reason) {
      ending ??= reason;
      look();
    },
    take: (fits, { skip = false } = {}) => wait(() => takeNow(fits, skip)),
    find: (fits) => wait(() => all.find(fits)),
  };
}
