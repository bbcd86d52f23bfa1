import { uncounted } from '../channel.ts';
import type { Dialect } from '../dialect.ts';
import { encodePlainJson } from '../protocols/plain-json.ts';

/** Plain JSON, for wall boards and scripts. */
export const plainDialect: Dialect = {
  name: 'json',
  statusForAll: true,
  encode(message) {
    const text = encodePlainJson(message);
    return text === null ? null : uncounted(text);
  },
};
