const TOKEN = /"[^"]*"|'[^']*'| (?:select|from|left join|inner join|where|group by|order by) |[(), ]|[^"'(), ]+/g;

/**
 * A query with each clause on a line of its own, indented by its depth, and the columns of the outer select below one
 * another: a difference between two versions of it is a line and not a page. Only blanks change.
 */
export function layOut(sql: string): string {
  let depth = 0;
  let listsColumns = true;
  const place = (token: string) => {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (token === ',' && depth === 0 && listsColumns) return ',\n ';
    if (token === ' ' || !token.startsWith(' ')) return token;
    if (depth === 0) listsColumns = token === ' select ';
    return `\n${'  '.repeat(depth)}${token.trimStart()}`;
  };
  return (sql.match(TOKEN) ?? []).map(place).join('');
}
