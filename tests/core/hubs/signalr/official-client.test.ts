import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { features } from '../../../../src/features/index.ts';
import { connectSignalR, NAMED_WAYS, type SignalRClient } from '../../../support/signalr-client.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { COMPANY_NOW, openClaim, openSmallCompany, type SmallCompany } from '../small-company.ts';

const INTERVAL_MS = 250;
const Typed = Type.Object({ type: Type.String() });

let server: HubServer;
let company: SmallCompany;
let claims = 2;
let lost = 700;

beforeAll(async () => {
  company = await openSmallCompany();
  await company.sql.write(chargebacksOf(lost));
  server = startHubServer({ features, sources: company, intervalMs: INTERVAL_MS, now: COMPANY_NOW });
  await server.refreshed();
});

afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const events = new Map(features.map(({ name, hub }) => [name, hub.events]));
const allEvents = [...events.values()].flat();
const targetsOf = ({ events }: SignalRClient) => events.map(({ target }) => target);

/** Whether an event may be of a manual emission: not every event says what it is of. */
const isManual = (argument: unknown) => !Value.Check(Typed, argument) || argument.type === 'Manual';

/** Every event of a hub fits its schema, on whatever wire it came. */
function expectSchemas({ events }: SignalRClient): void {
  for (const { target, argument } of events) {
    const schema = allEvents.find((event) => event.target === target)?.schema;
    if (schema !== undefined) expect([target, ...Value.Errors(schema, argument)]).toEqual([target]);
  }
}

/** One more claim in the source, when the window of the last emission is over. @returns how many there are */
async function oneMoreClaim(): Promise<number> {
  server.advance(INTERVAL_MS);
  claims++;
  await openClaim(company, claims);
  return claims;
}

const chargebacksOf = (amount: number) => `update Chargebacks set Amount = ${amount}`;

/** Another amount charged back, when the window of the last emission is over. */
async function chargeBack(): Promise<void> {
  server.advance(INTERVAL_MS);
  lost++;
  await company.sql.write(chargebacksOf(lost));
}

describe.each(NAMED_WAYS)('the official client over %s', (_name, way) => {
  const connect = (hub: string) => connectSignalR(server.url, hub, way);

  test('claims: initial events, an automatic emission, a manual one', async () => {
    const client = await connect('claims');
    expect(await client.next('UpdateSummary')).toMatchObject({ TotalClaims: claims });
    expect(await client.next('UpdateAnalyticsList')).toBeArrayOfSize(claims - 1);
    expect(await client.next('UpdateClaimsByReason')).toBeArray();

    const total = await oneMoreClaim();
    expect(await client.next('UpdateSummary')).toMatchObject({ TotalClaims: total });
    expect(await client.next('UpdateAnalyticsList')).toBeArrayOfSize(total - 1);

    const other = await connect('claims');
    await other.next('UpdateSummary');
    await other.invoke('ForceUpdate');
    expect(await other.next('UpdateProcessed')).toEqual({ status: 'ok' });
    expect(await client.next('UpdateSummary')).toMatchObject({ TotalClaims: total });
    expect(targetsOf(client)).not.toContain('UpdateProcessed');
    expect(targetsOf(client)).not.toContain('InitialData');
    expectSchemas(client);
    for (const each of [client, other]) await each.connection.stop();
  });

  test('financial: InitialData goes with the initial events, and with each emission', async () => {
    const client = await connect('financial');
    const expectUpdate = async (type: string) => {
      const revenue = { TotalRevenue: 249.8, PaymentMethodDistribution: { pix: 249.8 } };
      const parts = { paymentSummary: { TotalPayments: 3 }, revenue, chargebacks: { TotalAmount: lost } };
      const initial = await client.next('InitialData');
      expect(initial).toMatchObject(parts);
      expect(initial).not.toHaveProperty('type');
      expect(await client.next('RevenueUpdate')).toMatchObject({ revenue, type });
      expect(await client.next('FinancialUpdate')).toMatchObject({ ...parts, type });
    };
    await expectUpdate('Initial');
    await chargeBack();
    await expectUpdate('Auto');
    const other = await connect('financial');
    await other.invoke('ForceUpdate');
    await expectUpdate('Manual');
    expect(client.events).toBeArrayOfSize(9);
    expectSchemas(client);
    for (const each of [client, other]) await each.connection.stop();
  });

  test('all: the events of every hub over one connection', async () => {
    const client = await connect('all');
    for (const { target } of allEvents) await client.next(target);
    const total = await oneMoreClaim();
    expect(await client.next('UpdateSummary')).toMatchObject({ TotalClaims: total });
    const other = await connect('all');
    await other.invoke('ForceUpdate');
    for (const { target } of allEvents) await client.next(target, isManual);
    expectSchemas(client);
    for (const each of [client, other]) await each.connection.stop();
  });
});

test.each(features.map(({ name }) => name))('a client of %s gets its events and no others', async (hub) => {
  const client = await connectSignalR(server.url, hub, { skipNegotiation: true });
  const own = (events.get(hub) ?? []).map(({ target }) => target);
  expect(own.length).toBeGreaterThan(0);
  for (const target of own) await client.next(target);
  const initial = hub === 'financial' ? ['InitialData', ...own] : own;
  expect(targetsOf(client)).toEqual(initial);
  await client.invoke('GetInitialData');
  expect(targetsOf(client)).toEqual([...initial, 'InitialData', ...own]);
  const types = client.events.flatMap(({ argument }) => (Value.Check(Typed, argument) ? argument.type : []));
  expect(types.every((type) => type === 'Initial')).toBe(true);
  expectSchemas(client);
  await client.connection.stop();
});
