import { Type } from '@sinclair/typebox';
import type { OutletActor } from '../outlets/outlet-actor.ts';
import type { Outlets } from '../outlets/outlets.ts';
import { Problem } from '../problems.ts';
import type { Feature } from '../runtime/define-feature.ts';
import { OutletJobBody, outletJobBody } from './outlet-schema.ts';
import type { Route } from './route.ts';
import { json, textResponse } from './text-response.ts';

const ROWS = 'rows';

/** Pushes a feature to Rows.com now. */
export function syncRowsRoute({ name, title }: Feature, outlets: Pick<Outlets, 'find'>): Route {
  return {
    method: 'POST',
    path: `/api/${name}/sync-rows`,
    aliases: [`/${name}/sync-rows`],
    tag: name,
    summary: `${title.en}: push the sheets of this feature to Rows.com now`,
    response: {
      status: 202,
      description: 'The push is under way; `GET /api/rows/jobs/{id}` says what became of it',
      schema: Type.Object({
        message: Type.String({ examples: ['The push of claims to Rows.com is under way'] }),
        job: Type.String({ description: 'The id of the job', examples: [OutletJobBody.properties.id.examples[0]] }),
      }),
    },
    headers: ['Location'],
    problems: ['invalid-request', 'rows-not-configured', 'body-too-large', 'unsupported-media-type'],
    handle({ request }) {
      const { id } = rowsOrRefuse(outlets).sync([name]);
      const body = { message: `The push of ${name} to Rows.com is under way`, job: id };
      return textResponse(request, JSON.stringify(body), 202, {
        'content-type': 'application/json; charset=utf-8',
        location: `/api/rows/jobs/${id}`,
      });
    },
  };
}

/** What became of a push. */
export function rowsJobRoute(outlets: Pick<Outlets, 'find'>): Route {
  return {
    method: 'GET',
    path: '/api/rows/jobs/{id}',
    aliases: ['/rows/jobs/{id}'],
    tag: 'status',
    summary: 'What became of a push to Rows.com',
    params: Type.Object({ id: Type.String({ description: 'The id of the job', examples: ['0b0f6b1c'] }) }),
    response: { status: 200, description: 'The job', schema: OutletJobBody },
    problems: ['invalid-request', 'not-found', 'rows-not-configured'],
    handle({ request, params = {} }) {
      const { id = '' } = params;
      const rows = rowsOrRefuse(outlets);
      const job = rows.job(id);
      const lastFailure = job?.status === 'running' ? (rows.status().failing?.reason ?? null) : null;
      if (job !== undefined) return json(request, outletJobBody({ ...job, reason: job.reason ?? lastFailure }));
      throw new Problem('not-found', 'There is no such job; the last 100 that ended are kept');
    },
  };
}

/** @throws Problem if Rows.com is not configured */
function rowsOrRefuse(outlets: Pick<Outlets, 'find'>): OutletActor {
  const rows = outlets.find(ROWS);
  if (rows !== undefined) return rows;
  throw new Problem(
    'rows-not-configured',
    'Nothing is pushed to Rows.com: set ROWS_API_KEY and ROWS_SPREADSHEET_ID, and start the server again',
  );
}
