/**
 * The query of a request with its names in lower case: clients are written for ASP.NET Core, which ignores their letter
 * case.
 */
export function queryOf({ url }: Request): URLSearchParams {
  const at = url.indexOf('?');
  const query = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(at < 0 ? '' : url.slice(at))) query.append(name.toLowerCase(), value);
  return query;
}
