import { describe, expect, test } from 'bun:test';
import { type AnySnapshot, type Client, createClient, type FeatureData, type Whole } from '../../src/client/index.ts';
import type { ClaimAnalytics, ClaimSummary, ClaimsData } from '../../src/features/claims/schemas.ts';
import { features } from '../../src/features/index.ts';
import type { User } from '../../src/features/users/schemas.ts';

/** `true` if two types are the same, each read as the other. */
type Same<Left, Right> =
  (<Value>() => Value extends Left ? 1 : 2) extends <Value>() => Value extends Right ? 1 : 2 ? true : false;

/** Checked by the compiler alone: a wrong type is an error of `npm run types`, and so is an expected error that is none. */
function checked(client: Client, snapshot: AnySnapshot): void {
  true satisfies Same<FeatureData['claims'], ClaimsData>;
  false satisfies Same<FeatureData['claims'], FeatureData['users']>;

  if (snapshot.feature === 'claims') {
    snapshot.data.summary satisfies ClaimSummary;
    snapshot.data.summary.WinRate satisfies number;
    // @ts-expect-error No such figure: as if WinRate had been renamed.
    snapshot.data.summary.WonRate;
    // @ts-expect-error It may be null.
    snapshot.data.summary.AverageResolutionDays satisfies number;
    // @ts-expect-error Of another feature.
    snapshot.data.largestFiles;
  }
  // @ts-expect-error Which feature it is has to be looked at first.
  snapshot.data.summary.TotalClaims;

  client.snapshots.users?.data.list satisfies User[] | undefined;
  // @ts-expect-error There may be none yet.
  client.snapshots.users.data;
  // @ts-expect-error No such feature.
  client.snapshots.weather;

  client.on('status', ({ status }) => status satisfies 'none' | 'live' | 'stale');
  client.on('state', (state) => {
    if (state.name === 'waiting') state.nextAttemptAt satisfies number;
    if (state.name === 'refused') state.code satisfies 401 | 403 | 'expired' | 'revoked';
    // @ts-expect-error Only while it waits.
    state.nextAttemptAt;
  });
  // @ts-expect-error No such event.
  client.on('snapshots', () => {});

  client.rest('/api/claims') satisfies Promise<Whole<'claims'>>;
  client.rest('/api/claims/critical') satisfies Promise<ClaimAnalytics[]>;
  client.rest('/api/users/list?limit=500') satisfies Promise<User[]>;
  client.rest('/api/nowhere') satisfies Promise<unknown>;
  // @ts-expect-error What a route that is not known answers is for the caller to check.
  client.rest('/api/nowhere') satisfies Promise<string>;
  // @ts-expect-error Routes are below /api.
  void client.rest('/claims');
  // @ts-expect-error No such feature.
  void client.forceUpdate('weather');
  // @ts-expect-error No such hub.
  createClient({ hubs: ['weather'] });
}

describe('the types of the client', () => {
  test('know every feature that the server has, and no other', () => {
    const known: { readonly [Name in keyof FeatureData]: true } = {
      claims: true,
      financial: true,
      subscriptions: true,
      support: true,
      content: true,
      users: true,
      storage: true,
    };
    expect(Object.keys(known).sort()).toEqual(features.map(({ name }) => name).sort());
  });

  test('are checked by the compiler', () => {
    expect(checked).toBeFunction();
  });
});
