import { RefusedError } from '../../core/outlets/outlet-errors.ts';

/** Neither this key nor this spreadsheet can be used: no other request would succeed. */
export class AccessRefusedError extends RefusedError {}

/** There is no such table. */
export class TableMissingError extends RefusedError {}

/** The body of a request is too large. */
export class TooLargeError extends RefusedError {}

/** A range of a table cannot be read or written. */
export class RangeRefusedError extends RefusedError {}
