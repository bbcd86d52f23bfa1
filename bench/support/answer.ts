import { Value } from '@sinclair/typebox/value';
import { type Argument, type Reply, Request } from './messages.ts';

export type Methods = Readonly<Record<string, (argument: Argument) => unknown>>;

/** A program's end of its conversation with the benchmark that started it; the program ends when the benchmark does. */
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
