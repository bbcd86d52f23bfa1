/** Reports the first of several failures in a row: the others have the same cause, such as a full disk. */
export interface FirstFailures {
  failed(error: unknown): void;
  /** The next failure is reported again. */
  worked(): void;
}

export function reportFirst(report: (error: unknown) => void): FirstFailures {
  let isFailing = false;
  return {
    failed(error) {
      if (!isFailing) report(error);
      isFailing = true;
    },
    worked() {
      isFailing = false;
    },
  };
}
