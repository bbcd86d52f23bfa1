import { describe, expect, test } from 'bun:test';
import { createQuestionDesk } from '../../../src/core/http/question-desk.ts';
import { Problem } from '../../../src/core/problems.ts';
import { SourceError, SourceTimeoutError } from '../../../src/core/runtime/source-errors.ts';

const NO_HURRY_MS = 60_000;
const SOON_MS = 10;

/** A source that answers when the test says so, and counts. */
function scriptedSource() {
  const asked: string[] = [];
  const open = new Map<string, PromiseWithResolvers<string>>();
  let most = 0;
  return {
    asked,
    get most() {
      return most;
    },
    ask: (name: string) => (_signal: AbortSignal) => {
      asked.push(name);
      const pending = Promise.withResolvers<string>();
      open.set(name, pending);
      most = Math.max(most, open.size);
      return pending.promise.finally(() => open.delete(name));
    },
    answer: (name: string) => open.get(name)?.resolve(`answer to ${name}`),
    fail: (name: string, error: Error) => open.get(name)?.reject(error),
  };
}

/** Lets everything that is due happen: promises settle before a macrotask begins. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const names = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `q${index + from}`);

describe('one question', () => {
  test('is answered with what the source says', async () => {
    const source = scriptedSource();
    const answer = createQuestionDesk().answer('q', source.ask('q'));
    await settle();
    source.answer('q');
    expect(await answer).toBe('answer to q');
  });

  test('that the source refuses is refused with its words', async () => {
    const source = scriptedSource();
    const answer = createQuestionDesk().answer('q', source.ask('q'));
    await settle();
    source.fail('q', new SourceError('connection refused'));
    expect(await answer.catch((error: unknown) => error)).toEqual(new SourceError('connection refused'));
  });

  test('that throws before it is a promise is refused too, and keeps no place', async () => {
    const desk = createQuestionDesk({ places: 1, queue: 0, deadlineMs: NO_HURRY_MS });
    const broken = () => {
      throw new TypeError('broken');
    };
    for (let turn = 0; turn < 3; turn++) {
      await desk.answer('q', broken).then(
        () => expect.unreachable(),
        (error: unknown) => expect(error).toBeInstanceOf(TypeError),
      );
    }
  });
});

describe('equal questions', () => {
  test('are asked once while one is under way, and all get its answer', async () => {
    const source = scriptedSource();
    const desk = createQuestionDesk();
    const answers = Array.from({ length: 20 }, () => desk.answer('same', source.ask('same')));
    await settle();
    expect(source.asked).toEqual(['same']);
    source.answer('same');
    expect(await Promise.all(answers)).toEqual(answers.map(() => 'answer to same'));
  });

  test('are asked anew once it is answered', async () => {
    const source = scriptedSource();
    const desk = createQuestionDesk();
    for (let turn = 1; turn <= 3; turn++) {
      const answer = desk.answer('same', source.ask('same'));
      await settle();
      source.answer('same');
      await answer;
      expect(source.asked).toHaveLength(turn);
    }
  });

  test('share a failure, and are asked anew after it', async () => {
    const source = scriptedSource();
    const desk = createQuestionDesk();
    const both = Promise.allSettled([desk.answer('q', source.ask('q')), desk.answer('q', source.ask('q'))]);
    await settle();
    source.fail('q', new SourceError('gone'));
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const again = desk.answer('q', source.ask('q'));
    await settle();
    source.answer('q');
    expect(await again).toBe('answer to q');
    expect(source.asked).toHaveLength(2);
  });

  test('take one place in the queue', async () => {
    const source = scriptedSource();
    const desk = createQuestionDesk({ places: 1, queue: 1, deadlineMs: NO_HURRY_MS });
    const all = ['first', 'second', 'second', 'second'].map((name) => desk.answer(name, source.ask(name)));
    await settle();
    source.answer('first');
    await settle();
    source.answer('second');
    await Promise.all(all);
    expect(source.asked).toEqual(['first', 'second']);
  });
});

describe('places', () => {
  test('there are four, and the others come in order as one is left', async () => {
    const source = scriptedSource();
    const desk = createQuestionDesk();
    const answers = names(10).map((name) => desk.answer(name, source.ask(name)));
    await settle();
    expect(source.asked).toEqual(names(4));
    for (const name of names(10)) {
      source.answer(name);
      await settle();
    }
    expect(await Promise.all(answers)).toEqual(names(10).map((name) => `answer to ${name}`));
    expect(source.asked).toEqual(names(10));
    expect(source.most).toBe(4);
  });

  test('a failure leaves its place', async () => {
    const source = scriptedSource();
    const desk = createQuestionDesk({ places: 2, queue: 10, deadlineMs: NO_HURRY_MS });
    const answers = Promise.allSettled(names(6).map((name) => desk.answer(name, source.ask(name))));
    await settle();
    for (const name of names(5)) {
      source.fail(name, new SourceError('no'));
      await settle();
    }
    source.answer('q5');
    const statuses: string[] = (await answers).map(({ status }) => status);
    expect(statuses).toEqual([...names(5).map(() => 'rejected'), 'fulfilled']);
    expect(source.most).toBe(2);
  });

  test('once the queue is full the next one is refused at once, and a place in it comes free again', async () => {
    const source = scriptedSource();
    const desk = createQuestionDesk({ places: 1, queue: 2, deadlineMs: NO_HURRY_MS });
    const accepted = names(3).map((name) => desk.answer(name, source.ask(name)));
    const refused = await desk.answer('late', source.ask('late')).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Problem);
    expect(refused instanceof Problem && refused.code).toBe('busy');

    source.answer('q0');
    await settle();
    accepted.push(desk.answer('later', source.ask('later')));
    for (const name of ['q1', 'q2', 'later']) {
      source.answer(name);
      await settle();
    }
    await Promise.all(accepted);
    expect(source.asked).toEqual(['q0', 'q1', 'q2', 'later']);
  });
});

describe('the deadline', () => {
  test('ends the wait for a source that never answers, and tells it', async () => {
    const desk = createQuestionDesk({ places: 1, queue: 0, deadlineMs: SOON_MS });
    let told: AbortSignal | undefined;
    const answer = desk.answer('q', (signal) => {
      told = signal;
      return new Promise(() => {});
    });
    expect(await answer.catch((error: unknown) => error)).toBeInstanceOf(SourceTimeoutError);
    expect(told?.aborted).toBe(true);
  });

  test('frees the place and the question, though the source ignores it', async () => {
    const source = scriptedSource();
    const desk = createQuestionDesk({ places: 1, queue: 0, deadlineMs: SOON_MS });
    await desk.answer('q', () => new Promise(() => {})).catch(() => {});
    const again = desk.answer('q', source.ask('q'));
    await settle();
    source.answer('q');
    expect(await again).toBe('answer to q');
  });

  test('counts the wait for a place too', async () => {
    const source = scriptedSource();
    const desk = createQuestionDesk({ places: 1, queue: 5, deadlineMs: SOON_MS });
    const never = () => new Promise<string>(() => {});
    const outcomes = names(6).map((name) => desk.answer(name, never).catch((error: unknown) => error));
    for (const outcome of await Promise.all(outcomes)) expect(outcome).toBeInstanceOf(SourceTimeoutError);
    const next = desk.answer('next', source.ask('next'));
    await settle();
    source.answer('next');
    expect(await next).toBe('answer to next');
  });

  test('a late answer, or a late failure, is dropped', async () => {
    const source = scriptedSource();
    const desk = createQuestionDesk({ places: 2, queue: 0, deadlineMs: SOON_MS });
    const late = ['late', 'failing'].map((name) =>
      desk.answer(name, source.ask(name)).catch((error: unknown) => error),
    );
    for (const error of await Promise.all(late)) expect(error).toBeInstanceOf(SourceTimeoutError);
    source.answer('late');
    source.fail('failing', new SourceError('late'));
    await settle();
    expect(source.asked).toEqual(['late', 'failing']);
  });
});
