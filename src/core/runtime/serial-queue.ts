/** Runs work one after the other, in the order it was added. If work throws, its promise rejects and the next runs. */
export type SerialQueue = <Result>(work: () => Promise<Result> | Result) => Promise<Result>;

export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result;
    return result;
  };
}
