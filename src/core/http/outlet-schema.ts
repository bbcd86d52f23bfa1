import { type Static, Type } from '@sinclair/typebox';
import { isoInstant, isoInstantOrNull } from '../figures/calendar.ts';
import type { OutletJob } from '../outlets/outlet-jobs.ts';
import type { OutletStatus } from '../outlets/outlet-status.ts';
import { Count, InstantText, Nullable } from '../runtime/schema.ts';

/** An outlet in `/ws/status`. */
export const OutletStatusBody = Type.Object(
  {
    outlet: Type.String({ examples: ['rows'] }),
    title: Type.Object({ en: Type.String({ examples: ['Rows.com'] }), pt: Type.String({ examples: ['Rows.com'] }) }),
    activity: Type.String({
      enum: ['idle', 'waiting', 'delivering', 'backing-off', 'refused', 'budget-spent', 'stopped'],
      description:
        'What the outlet is doing; refused: it is tried again at the next start, or when a person asks for it',
      examples: ['idle'],
    }),
    lastSuccess: Nullable(InstantText('When the target was last brought up to date')),
    waiting: Count('Features or notifications that the target does not have yet'),
    failing: Nullable(
      Type.Object({
        since: InstantText('Since when'),
        reason: Type.String({ examples: ['api.rows.com did not answer within 30 s'] }),
      }),
      { description: 'Why passes fail; null while they do not' },
    ),
    nextPass: Nullable(InstantText('When the next pass starts'), { description: 'Null if none is due' }),
    requestsThisHour: Count('Requests sent in the last 60 minutes'),
    requestsThisMonth: Count('Requests sent in this calendar month'),
    monthlyRequests: Nullable(Count('Maximum number of requests in a calendar month'), {
      description: 'Null for no limit',
    }),
  },
  { $id: 'OutletStatus' },
);

export function outletStatusBody(status: OutletStatus): Static<typeof OutletStatusBody> {
  const { lastSuccess, failing, nextPass, title } = status;
  return {
    ...status,
    title: { en: title.en, pt: title.pt },
    lastSuccess: isoInstantOrNull(lastSuccess),
    failing: failing && { since: isoInstant(failing.since), reason: failing.reason },
    nextPass: isoInstantOrNull(nextPass),
  };
}

/** A job of an outlet, as REST has it. */
export const OutletJobBody = Type.Object(
  {
    id: Type.String({ examples: ['0b0f6b1c-6a8e-4f5a-9f43-7d4c1b6f2a10'] }),
    outlet: Type.String({ examples: ['rows'] }),
    features: Nullable(Type.Array(Type.String(), { examples: [['claims']] }), {
      description: 'The features that it was requested for; null for all',
    }),
    status: Type.String({ enum: ['queued', 'running', 'done', 'failed'], examples: ['done'] }),
    reason: Nullable(Type.String({ examples: ['api.rows.com did not answer within 30 s'] }), {
      description: 'Why it failed or, while it is running, why the last pass did; null otherwise',
    }),
    requestedAt: InstantText('When it was requested'),
    startedAt: Nullable(InstantText('When the pass that serves it started')),
    endedAt: Nullable(InstantText('When it ended')),
  },
  { $id: 'OutletJob' },
);

export function outletJobBody(job: OutletJob): Static<typeof OutletJobBody> {
  return {
    ...job,
    requestedAt: isoInstant(job.requestedAt),
    startedAt: isoInstantOrNull(job.startedAt),
    endedAt: isoInstantOrNull(job.endedAt),
  };
}
