import { type Static, Type } from '@sinclair/typebox';

const Argument = Type.Union([Type.String(), Type.Number(), Type.Null()]);
export type Argument = Static<typeof Argument>;

/** Requests of a benchmark to a program. */
export const Request = Type.Object({ id: Type.Integer(), method: Type.String(), argument: Argument });

export const Reply = Type.Object({
  id: Type.Integer(),
  answer: Type.Optional(Type.Unknown()),
  error: Type.Optional(Type.String()),
});
export type Reply = Static<typeof Reply>;
