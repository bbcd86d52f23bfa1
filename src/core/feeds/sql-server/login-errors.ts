import type { config } from 'mssql';

type Connection = Parameters<NonNullable<config['beforeConnect']>>[0];

/** More than a server ever sends. */
const MOST_KEPT = 10;

/**
 * Keeps the numbers of the errors with which a server refuses a login, for `loginErrorsOf`.
 *
 * tedious gives the text of the last one alone, which is mostly that the login failed; why it did stands before it.
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

/** The numbers of the errors with which a login was refused, in their order; none of any other error. */
export function loginErrorsIn(error: object): readonly number[] {
  if (!('loginErrors' in error) || !Array.isArray(error.loginErrors)) return [];
  return error.loginErrors.filter((number) => typeof number === 'number');
}
