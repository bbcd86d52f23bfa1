import { expect, test } from 'bun:test';
import { FEATURE_NAMES } from '../../src/client/index.ts';
import { features } from '../../src/features/index.ts';
import { hrefOf, ROUTES, routeOf } from '../../src/web/app/routes.ts';

test('every feature of the server has a view', () => {
  expect(new Set<string>(FEATURE_NAMES)).toEqual(new Set(features.map(({ name }) => name)));
});

test('an address leads to its view and back', () => {
  for (const route of ROUTES) expect(routeOf(hrefOf(route))).toBe(route);
  expect(routeOf('')).toBe('overview');
});

test('a fragment that names no view leads nowhere', () => {
  expect(routeOf('#content')).toBeUndefined();
  expect(routeOf('#/nonsense')).toBeUndefined();
});
