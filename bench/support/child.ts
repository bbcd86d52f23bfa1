import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { type Argument, Reply } from './messages.ts';

/** A program of `bench/programs` in its own process, so that its cost is measured separately. */
export interface Child {
  readonly pid: number;
  /**
   * Sends a request to the program and waits for the answer.
   *
   * @throws Error with what the program threw, or when it has ended
   */
  ask<Schema extends TSchema>(method: string, argument: Argument, answer: Schema): Promise<Static<Schema>>;
  end(): Promise<void>;
}

interface Asked {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** @param path the program, relative to `bench/programs` */
export function startChild(path: string, args: readonly string[] = []): Child {
  const waiting = new Map<number, Asked>();
  let lastId = 0;
  const child = Bun.spawn([process.execPath, new URL(`../programs/${path}`, import.meta.url).pathname, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    serialization: 'json',
    ipc(message: unknown) {
      if (!Value.Check(Reply, message)) return;
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error === undefined) asked?.resolve(message.answer);
      else asked?.reject(new Error(`${path}: ${message.error}`));
    },
    onExit(_, exitCode) {
      for (const { reject } of waiting.values()) reject(new Error(`${path} ended with ${exitCode}`));
      waiting.clear();
    },
  });
  return {
    pid: child.pid,
    async ask(method, argument, schema) {
      const id = ++lastId;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      waiting.set(id, { resolve, reject });
      child.send({ id, method, argument });
      const answer = await promise;
      if (Value.Check(schema, answer)) return answer;
      throw new Error(`${path} answered ${method} with ${JSON.stringify(answer)}`);
    },
    async end() {
      child.disconnect();
      await child.exited;
    },
  };
}
