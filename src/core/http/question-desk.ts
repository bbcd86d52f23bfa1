import { Problem } from '../problems.ts';
import { SourceTimeoutError } from '../sources/source-errors.ts';
import { withSignal } from '../sources/with-signal.ts';

export interface QuestionDeskOptions {
  /** Questions answered at the same time. */
  readonly places: number;
  /** Questions that may wait for a place. The next one is refused with `busy`. */
  readonly queue: number;
  /** From arrival to answer, waiting included, ms. */
  readonly deadlineMs: number;
}

export const DEFAULT_DESK: QuestionDeskOptions = { places: 4, queue: 64, deadlineMs: 10_000 };

export interface QuestionDesk<Answer> {
  /**
   * Answers a question. Questions with the same key share one answer while it is being computed.
   *
   * @param key questions with the same key have the same answer
   * @throws Problem `busy` if the queue is full
   * @throws SourceTimeoutError past the deadline; errors of `ask`
   */
  answer(key: string, ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer>;
}

/** Limits the cost of questions: few at a time, a bounded queue, a deadline, and one computation for equal questions. */
export function createQuestionDesk<Answer>(options: QuestionDeskOptions = DEFAULT_DESK): QuestionDesk<Answer> {
  const { places, queue, deadlineMs } = options;
  const pending = new Map<string, Promise<Answer>>();
  const queued: (() => void)[] = [];
  let taken = 0;

  const takePlace = async (signal: AbortSignal): Promise<void> => {
    if (taken < places) {
      taken++;
      return;
    }
    if (queued.length >= queue) throw new Problem('busy', 'Too many questions are waiting for the source; ask again');
    await new Promise<void>((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        queued.splice(queued.indexOf(start), 1);
        reject(new SourceTimeoutError('No place came free in time'));
      };
      queued.push(start);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  };

  const leavePlace = () => {
    const next = queued.shift();
    if (next === undefined) taken--;
    else next();
  };

  const compute = async (ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> => {
    const signal = AbortSignal.timeout(deadlineMs);
    await takePlace(signal);
    try {
      // If `ask` ignores the signal, the caller and the place are still released.
      return await withSignal(ask(signal), signal);
    } finally {
      leavePlace();
    }
  };

  return {
    answer(key, ask) {
      const shared = pending.get(key);
      if (shared !== undefined) return shared;
      const answer = compute(ask).finally(() => pending.delete(key));
      pending.set(key, answer);
      return answer;
    },
  };
}
