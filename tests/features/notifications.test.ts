import { afterAll, beforeAll, expect, test } from 'bun:test';
import { features } from '../../src/features/index.ts';
import { type CompanySources, companySources, runningFeature, startCompanyServer } from '../support/company-server.ts';
import { connectHub, type HubClient } from '../support/hub-client.ts';
import { insertRows } from '../support/insert-rows.ts';
import type { TestServer } from '../support/test-server.ts';

/** The rules of the slices over a real company, from the row to the hub. */
let company: CompanySources;
let server: TestServer;
let client: HubClient;

beforeAll(async () => {
  company = await companySources();
  server = await startCompanyServer(company);
  client = await connectHub(server.url, 'notifications');
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

test('what the first snapshots show is nothing new', async () => {
  client.send({ type: 'Ping' });
  await client.nextOf('Pong');
  expect(client.frames.map(({ type }) => type)).toEqual(['Connected', 'Pong']);
});

test('a claim that is 31 days old', async () => {
  const DataCreated = new Date(Date.now() - 31.25 * 86_400_000).toISOString();
  const claim = { Id: 77, MpClaimId: 5_000_000_077, ResourceId: '9001', Type: '0', Status: 1, DataCreated };
  insertRows(company.database, 'Claims', [claim]);
  await runningFeature(server, 'claims').actor.refresh();
  expect(await client.next()).toMatchObject({
    type: 'Notification',
    hub: 'claims',
    severity: 'critical',
    title: 'Claim 77 turned critical',
    message: 'Mediations, open for 31 days, R$99.90 at risk',
  });
});

test('a chargeback', async () => {
  const CreatedAt = new Date().toISOString();
  const chargeback = { Id: 3, ChargebackId: 73, PaymentId: 9001, Status: 0, Amount: 1_000.5, CreatedAt };
  insertRows(company.database, 'Chargebacks', [chargeback]);
  await runningFeature(server, 'financial').actor.refresh();
  expect(await client.next()).toMatchObject({
    hub: 'financial',
    severity: 'warning',
    title: 'New chargeback',
    message: 'R$1,000.50; 3 in all, R$1,112.74',
    data: { added: 1, amount: 1_000.5 },
  });
});

test('subscriptions that are paused', async () => {
  company.database.run(`update Subscriptions set Status = 'paused' where PlanId = 1`);
  await runningFeature(server, 'subscriptions').actor.refresh();
  expect(await client.next()).toMatchObject({
    hub: 'subscriptions',
    severity: 'critical',
    title: expect.stringMatching(/^MRR fell by \d+(\.\d+)? %$/),
  });
});

test('both databases are lost and come back: one notification each, though seven features are stale', async () => {
  company.failWith('connection refused');
  await Promise.all(server.supervisor.running.map(({ actor }) => actor.refresh()));
  const lost = [await client.next(), await client.next()];
  expect(lost.find(({ data }) => Bun.deepMatch({ source: 'sql' }, data))).toMatchObject({
    hub: 'all',
    severity: 'critical',
    title: 'The SQL database is lost',
  });
  expect(lost.find(({ data }) => Bun.deepMatch({ source: 'documents' }, data))).toMatchObject({
    title: 'The document database is lost',
    data: { features: ['support'] },
  });
  company.failWith(null);
  await Promise.all(server.supervisor.running.map(({ actor }) => actor.refresh()));
  const back = [(await client.next()).title, (await client.next()).title];
  expect(back.sort()).toEqual(['The SQL database is back', 'The document database is back']);
});

test('and that was all', async () => {
  client.send({ type: 'Ping', timestamp: 'the end' });
  await client.nextOf('Pong', { timestamp: 'the end' });
  expect(client.frames.filter(({ type }) => type === 'Notification')).toHaveLength(7);
  expect(server.errors).toEqual([]);
});

test('the rules of a feature have names of their own', () => {
  for (const { hub } of features) {
    const names = (hub.notificationRules ?? []).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  }
});
