import pino from 'pino';

/** Structured log lines on standard error, one JSON object each; standard output is for people. */
export type Log = pino.Logger;

/**
 * @param level least severe lines that are written
 */
export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
}
