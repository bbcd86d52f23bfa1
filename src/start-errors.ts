import { ConfigError } from './config/config-error.ts';
import { SourceError } from './core/runtime/source-errors.ts';
import { WorkerLostError } from './core/threads/calls.ts';

/** The program cannot start, and the message says what would do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The text for people about a failed start; undefined for a bug, whose stack is needed. */
export function explainStart(error: unknown): string | undefined {
  if (error instanceof ConfigError) return `The configuration makes no sense:\n${error.message}`;
  // Why a Worker ended is in its cause, and may be a bug.
  if (error instanceof WorkerLostError) return undefined;
  return error instanceof StartError || error instanceof SourceError ? error.message : undefined;
}
