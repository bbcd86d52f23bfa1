import { expect } from 'bun:test';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { ProblemDocument } from '../../../src/core/http/problem-response.ts';
import { AnyObject, bodyOf } from '../../support/response-body.ts';
import { violations } from '../../support/strict-schema.ts';

/** What a refusal holds; `/ready` says besides which features there are. */
const Refusal = Type.Object({
  type: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  message: Type.String(),
  instance: Type.String(),
  errors: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
  features: Type.Optional(Type.Array(AnyObject)),
});

/** The body of a refusal, after checking what holds for each (RFC 9457; contract, section 4). */
export async function problem(response: Response): Promise<Static<typeof Refusal>> {
  const { features, ...members } = await bodyOf(response, AnyObject);
  expect(violations(ProblemDocument, members)).toEqual([]);
  const document = { ...members, ...(features === undefined ? {} : { features }) };
  Value.Assert(Refusal, document);
  expect(document.status).toBe(response.status);
  expect(document.message).toBe(document.detail);
  expect(document.instance).toStartWith('/');
  expect(document.instance).not.toContain('?');
  expect(response.headers.get('cache-control')).toBe('no-store');
  return document;
}
