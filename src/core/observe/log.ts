import pino from 'pino';

/** Structured log lines on standard error, one JSON object each; standard output is for people. */
export type Log = pino.Logger;

/**
 * @param level lowest level that is written
 */
export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
}
