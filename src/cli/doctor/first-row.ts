import type { Connection } from '../../core/feeds/sql-server/connection.ts';
import { isRefused } from '../../core/feeds/sql-server/failures.ts';
import type { Row } from '../../core/feeds/sql-server/requests.ts';

/**
 * The first row of a statement; undefined if there is none, or if the server refuses the statement: some lack a function.
 *
 * @throws the driver's error when the server cannot be asked
 */
export async function firstRow(connection: Connection, text: string): Promise<Row | undefined> {
  try {
    const [row] = await connection.rows({ text });
    return row;
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}
