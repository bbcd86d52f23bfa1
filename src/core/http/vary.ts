/**
 * What an answer depends on besides the URL: a cache must not hand a page the answer that another client got without the
 * headers for pages, nor a client one that it cannot decode.
 */
export const VARY = 'Origin, Accept-Encoding';
