import { ConfigError } from './config/config-error.ts';
import { SourceError } from './core/runtime/source-errors.ts';
import { WorkerLostError } from './core/threads/calls.ts';

/** The program cannot start; the message says how to fix it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Explains a failed start to people; undefined for a bug, whose stack trace is needed. */
export function explainStart(error: unknown): string | undefined {
  if (error instanceof ConfigError) return `The configuration is invalid:\n${error.message}`;
  // Its cause tells why the Worker ended, and may be a bug.
  if (error instanceof WorkerLostError) return undefined;
  return error instanceof StartError || error instanceof SourceError ? error.message : undefined;
}
