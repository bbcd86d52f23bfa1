/** Work on one thing, one after the other, first come, first served. */
export type Turns = <Result>(work: () => Promise<Result> | Result) => Promise<Result>;

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  };
}
