/** Runs work one after the other, in the order it was added. Rejects with what the work throws; the next runs all the same. */
export type SerialQueue = <Result>(work: () => Promise<Result> | Result) => Promise<Result>;

export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result;
    return result;
  };
}
