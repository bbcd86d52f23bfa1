import { Problem } from '../problems.ts';
import { SourceTimeoutError } from '../runtime/source-errors.ts';
import { withSignal } from '../runtime/with-signal.ts';

export interface QuestionDeskOptions {
  /** How many questions are with a source at once. */
  readonly places: number;
  /** How many more may wait for a place; the next one is refused. */
  readonly queue: number;
  /** From arrival to answer, the wait included, ms. */
  readonly deadlineMs: number;
}

export const DEFAULT_DESK: QuestionDeskOptions = { places: 4, queue: 64, deadlineMs: 10_000 };

export interface QuestionDesk<Answer> {
  /**
   * The answer to a question; equal questions that arrive while one is under way share it.
   *
   * @param key questions with the same key have the same answer
   * @throws Problem `busy` when the queue is full
   * @throws SourceTimeoutError past the deadline, and whatever `ask` throws
   */
  answer(key: string, ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer>;
}

/** Bounds what questions may cost their sources: a deadline, few at once, one flight for equal ones. */
export function createQuestionDesk<Answer>(options: QuestionDeskOptions = DEFAULT_DESK): QuestionDesk<Answer> {
  const { places, queue, deadlineMs } = options;
  const flights = new Map<string, Promise<Answer>>();
  const waiting: (() => void)[] = [];
  let taken = 0;

  const takePlace = async (signal: AbortSignal): Promise<void> => {
    if (taken < places) {
      taken++;
      return;
    }
    if (waiting.length >= queue) throw new Problem('busy', 'Too many questions are waiting for the source; ask again');
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        waiting.splice(waiting.indexOf(turn), 1);
        reject(new SourceTimeoutError('No place came free in time'));
      };
      waiting.push(turn);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  };

  const leavePlace = () => {
    const next = waiting.shift();
    if (next === undefined) taken--;
    else next();
  };

  const fly = async (ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> => {
    const signal = AbortSignal.timeout(deadlineMs);
    await takePlace(signal);
    try {
      // A source that pays the signal no heed keeps neither the caller nor the place.
      return await withSignal(ask(signal), signal);
    } finally {
      leavePlace();
    }
  };

  return {
    answer(key, ask) {
      const shared = flights.get(key);
      if (shared !== undefined) return shared;
      const flight = fly(ask).finally(() => flights.delete(key));
      flights.set(key, flight);
      return flight;
    },
  };
}
