import type { Static, TObject, TSchema } from '@sinclair/typebox';
import type { AsOf } from '../figures/zone.ts';
import type { MirrorReader } from '../mirror/reader.ts';
import { parseInput } from './parse-input.ts';

/** Parameters of the request, not checked yet. */
export interface RawInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** A question with its parameters checked. */
export interface PreparedQuestion<Data> {
  /** Two questions with the same key have the same answer at the same time. */
  readonly key: string;
  /** The answer if the latest snapshot holds it; if undefined, ask the mirror. */
  fromSnapshot(data: Data): unknown;
  answer(reader: MirrorReader, asOf: AsOf): unknown;
}

/** A route whose answer is not a part of the snapshot: it is read from the mirror on demand. */
export interface Question<Data = unknown> {
  /** Below `/api/{feature}/`; `{name}` stands for a path parameter. */
  readonly path: string;
  readonly summary: string;
  readonly params: TObject;
  readonly query: TObject;
  readonly response: TSchema;
  /** Whether some answers come from the snapshot, so that a client may have them already (304). */
  readonly mayBeRemembered: boolean;
  /** @throws InvalidInputError naming each invalid parameter */
  prepare(raw: RawInput): PreparedQuestion<Data>;
}

export interface QuestionDefinition<Params extends TObject, Query extends TObject, Response extends TSchema, Data> {
  readonly path: string;
  readonly summary: string;
  readonly params: Params;
  readonly query: Query;
  readonly response: Response;
  readonly fromSnapshot?: (data: Data, query: Static<Query>, params: Static<Params>) => Static<Response> | undefined;
  readonly answer: (reader: MirrorReader, query: Static<Query>, params: Static<Params>, asOf: AsOf) => Static<Response>;
}

/**
 * @example
 * question({
 *   path: 'growth-trend', query: Type.Object({ days: Type.Integer({ minimum: 1, maximum: 365, default: 30 }) }), …
 *   answer: (reader, { days }, _params, asOf) => createStorageService(createStorageRepository(reader)).growth(asOf, days),
 * })
 */
export function question<Params extends TObject, Query extends TObject, Response extends TSchema, Data>(
  definition: QuestionDefinition<Params, Query, Response, Data>,
): Question<Data> {
  const { answer, fromSnapshot, ...rest } = definition;
  return {
    ...rest,
    mayBeRemembered: fromSnapshot !== undefined,
    prepare(raw) {
      const params = parseInput(definition.params, raw.params);
      const query = parseInput(definition.query, raw.query);
      return {
        key: JSON.stringify([definition.path, params, query]),
        fromSnapshot: (data) => fromSnapshot?.(data, query, params),
        answer: (reader, asOf) => answer(reader, query, params, asOf),
      };
    },
  };
}
