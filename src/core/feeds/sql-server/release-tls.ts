import type { config } from 'mssql';

type Connection = Parameters<NonNullable<config['beforeConnect']>>[0];

/**
 * Lets go of a connection's TLS when the connection ends.
 *
 * tedious runs TLS over a pair of streams of its own and leaves both open at the end. Node collects them; Bun 1.4 does
 * not, and keeps some 20 KB a connection for good, of which a pool that closes idle ones makes many a day.
 */
export function releaseTlsAtEnd(connection: Connection): void {
  connection.on('end', () => {
    const { cleartext, encrypted } = tlsPairOf(connection);
    destroy(cleartext);
    destroy(encrypted);
  });
}

/** Checked step by step, since it is no public part of the driver. */
function tlsPairOf(connection: object): { readonly cleartext?: unknown; readonly encrypted?: unknown } {
  const stream = 'messageIo' in connection ? connection.messageIo : undefined;
  const pair = isObject(stream) && 'securePair' in stream ? stream.securePair : undefined;
  return isObject(pair) ? pair : {};
}

function destroy(stream: unknown): void {
  if (isObject(stream) && 'destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
