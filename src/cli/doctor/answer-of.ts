import type { Connection } from '../../core/feeds/sql-server/connection.ts';
import { isRefused } from '../../core/feeds/sql-server/failures.ts';
import type { Row } from '../../core/feeds/sql-server/requests.ts';

/**
 * The first row of a statement; undefined where there is none, or where the server does not take the statement, since not
 * every one knows every function.
 *
 * @throws the driver's error when the server cannot be asked
 */
export async function answerOf(connection: Connection, text: string): Promise<Row | undefined> {
  try {
    const [row] = await connection.rows({ text });
    return row;
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}
