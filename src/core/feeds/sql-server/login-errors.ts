import type { config } from 'mssql';

type Connection = Parameters<NonNullable<config['beforeConnect']>>[0];

/** A server sends fewer. */
const MOST_KEPT = 10;

/**
 * Records the numbers of the errors with which a server refuses a login, for `loginErrorsIn`.
 *
 * tedious reports only the last one, usually that the login failed; the reason is in an earlier one.
 */
export function keepLoginErrors(connection: Connection): void {
  const loginErrors: number[] = [];
  const keep = ({ number }: { readonly number: number }) => {
    if (loginErrors.length < MOST_KEPT) loginErrors.push(number);
  };
  connection.on('errorMessage', keep);
  // Before mssql wraps the error.
  connection.prependOnceListener('connect', (error) => {
    connection.off('errorMessage', keep);
    if (error !== undefined) Object.assign(error, { loginErrors });
  });
}

/** The numbers of the errors with which a login was refused, in order; empty for other errors. */
export function loginErrorsIn(error: object): readonly number[] {
  if (!('loginErrors' in error) || !Array.isArray(error.loginErrors)) return [];
  return error.loginErrors.filter((number) => typeof number === 'number');
}
