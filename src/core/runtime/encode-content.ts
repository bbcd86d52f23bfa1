/** A content as JSON text, and its hash: the same on every machine and after every restart. */
export interface EncodedContent {
  readonly data: string;
  readonly unavailable: string;
  readonly problems: string;
  readonly hash: string;
}

/** The parts of a `Content`. */
interface Encodable {
  readonly data: unknown;
  readonly unavailable: readonly object[];
  readonly problems: readonly object[];
}

/** @throws TypeError for data without a JSON form: a bigint, a cycle, undefined */
export function encodeContent(content: Encodable): EncodedContent {
  const data: string | undefined = JSON.stringify(content.data);
  if (data === undefined) throw new TypeError(`JSON has nothing for data of type ${typeof content.data}`);
  const unavailable = JSON.stringify(content.unavailable);
  const problems = JSON.stringify(content.problems);
  return { data, unavailable, problems, hash: hashContent({ data, unavailable, problems }) };
}

/** The hash of a content. */
export function hashContent({ data, unavailable, problems }: Omit<EncodedContent, 'hash'>): string {
  return hashText(unavailable + problems + data);
}

/** A 64-bit hash as hexadecimal text. Not cryptographic. */
export function hashText(text: string): string {
  return Bun.hash(text).toString(16).padStart(16, '0');
}
