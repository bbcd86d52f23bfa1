import { Value } from '@sinclair/typebox/value';
import { type Argument, type Reply, Request } from './messages.ts';

export type Methods = Readonly<Record<string, (argument: Argument) => unknown>>;

/** Answers requests of the benchmark that started this program. The program ends when the benchmark does. */
export function answerRequests(methods: Methods): void {
  const reply = (message: Reply) => process.send?.(message);
  const answer = async (id: number, method: string, argument: Argument) => {
    try {
      reply({ id, answer: (await methods[method]?.(argument)) ?? null });
    } catch (error) {
      reply({ id, error: String(error) });
    }
  };
  process.on('message', (message: unknown) => {
    if (Value.Check(Request, message)) void answer(message.id, message.method, message.argument);
  });
  process.on('disconnect', () => process.exit(0));
}
