import { Type } from '@sinclair/typebox';
import type { Feature } from '../../../../../src/core/runtime/define-feature.ts';
import {
  buildReferenceHub,
  type HubFixture,
  type ReferenceHub,
  startReferenceHub,
} from '../../../../support/dotnet/reference-hub.ts';
import { scriptMirror } from '../../../../support/scripted-mirror.ts';
import { type HubServer, startHubServer } from '../../hub-server.ts';
import { scriptFeatures } from '../../scripted-features.ts';

/** The same hub on our server and on ASP.NET Core, with the same methods, events and content. */
export interface ReferencePair {
  readonly ours: HubServer;
  readonly theirs: ReferenceHub;
  stop(): Promise<void>;
}

/** Text that one JSON writer may escape and another not, numbers of every kind, and null. */
export const SUMMARY = {
  TotalClaims: 4,
  TotalAmountAtRisk: 349.9,
  LargestId: 9_007_199_254_740_991,
  Smallest: 1e-7,
  AverageResolutionDays: null,
  Names: ['João "Zé" d\'Ávila', '<b>&amp;</b>', 'tab\tand line\n', '日本 🙂', '\u2028', '\\'],
};

/** The hubs of our server run on time that the test lets pass, from here on. */
const MOMENT = '2026-03-31T12:00:00.000Z';

const FIXTURE: HubFixture = {
  initialData: { summary: SUMMARY },
  initial: [
    { target: 'UpdateSummary', argument: SUMMARY },
    { target: 'SummaryUpdate', argument: { summary: SUMMARY, type: 'Initial' } },
  ],
  manual: [
    { target: 'UpdateSummary', argument: SUMMARY },
    { target: 'SummaryUpdate', argument: { summary: SUMMARY, type: 'Manual' } },
  ],
  status: { hub: 'reference', status: 'live', since: null, reason: null },
  snapshot: {
    hub: 'reference',
    seq: 1,
    at: MOMENT,
    status: 'live',
    unavailable: [],
    problems: [],
    data: { summary: SUMMARY },
  },
};

const { sources, features } = scriptFeatures('reference');
const mirror = scriptMirror(async () => ({ data: { summary: SUMMARY }, unavailable: [], problems: [] }));

/** The feature whose hub sends what the fixture says. */
function reference(): Feature[] {
  return features.map((feature) => ({
    ...feature,
    schema: Type.Object({ summary: Type.Unknown() }),
    hub: {
      events: [
        { target: 'UpdateSummary', schema: Type.Unknown(), argument: () => SUMMARY },
        { target: 'SummaryUpdate', schema: Type.Unknown(), argument: (_, type) => ({ summary: SUMMARY, type }) },
      ],
    },
  }));
}

/** @param keepAliveMs time between the pings of ASP.NET Core; ours come every 15 s of the time that the test lets pass */
export async function startReferencePair(keepAliveMs?: number): Promise<ReferencePair> {
  const theirs = await startReferenceHub(await buildReferenceHub(), FIXTURE, keepAliveMs);
  const ours = startHubServer({ features: reference(), sources: { ...sources, mirror }, now: Date.parse(MOMENT) });
  for (const { actor } of ours.supervisor.running) await (actor.latest() ?? actor.refresh());
  let stopped: Promise<unknown> | undefined;
  return {
    ours,
    theirs,
    async stop() {
      stopped ??= Promise.all([ours.stop(), theirs.stop()]);
      await stopped;
    },
  };
}
