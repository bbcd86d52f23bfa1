/**
 * A document of a collection. An ObjectId is a string of its 24 hexadecimal digits, which sorts the same; an instant is a
 * `Date`; a whole number beyond 2^53 is `{ $numberLong: digits }`.
 */
export type Document = Readonly<Record<string, unknown>>;
