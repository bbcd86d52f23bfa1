import type { config } from 'mssql';

type Connection = Parameters<NonNullable<config['beforeConnect']>>[0];

/**
 * Destroys the TLS streams of a connection when it ends.
 *
 * tedious runs TLS over its own pair of streams and leaves both open. Node collects them; Bun 1.4 does not, and leaks about
 * 20 KB for each connection that the pool closes.
 */
export function releaseTlsAtEnd(connection: Connection): void {
  connection.on('end', () => {
    const { cleartext, encrypted } = tlsPairOf(connection);
    destroy(cleartext);
    destroy(encrypted);
  });
}

/** Checks each step, since these properties are internal to the driver. */
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
