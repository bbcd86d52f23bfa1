import { Type } from '@sinclair/typebox';
import type { OutletActor } from '../outlets/outlet-actor.ts';
import type { Outlets } from '../outlets/outlets.ts';
import { Problem } from '../problems.ts';
import type { Feature } from '../runtime/define-feature.ts';
import { OutletJobBody, outletJobBody } from './outlet-schema.ts';
import type { Route } from './route.ts';
import { json, textResponse } from './text-response.ts';

type FindOutlets = Pick<Outlets, 'all' | 'find'>;

const ROWS = 'rows';

const JobAccepted = Type.Object({
  message: Type.String({ examples: ['The push of claims to Rows.com is under way'] }),
  job: Type.String({ description: 'The id of the job', examples: [OutletJobBody.properties.id.examples[0]] }),
});
const JobId = Type.String({ description: 'The id of the job', examples: ['0b0f6b1c'] });
const OutletName = Type.String({ description: 'Its name, as in `/ws/status`', examples: ['notion'] });

/** Pushes a feature to Rows.com now. */
export function syncRowsRoute({ name, title }: Feature, outlets: FindOutlets): Route {
  return {
    method: 'POST',
    path: `/api/${name}/sync-rows`,
    aliases: [`/${name}/sync-rows`],
    tag: name,
    summary: `${title.en}: push the sheets of this feature to Rows.com now`,
    response: {
      status: 202,
      description: 'The push is under way; `GET /api/rows/jobs/{id}` says what became of it',
      schema: JobAccepted,
    },
    headers: ['Location'],
    problems: ['invalid-request', 'rows-not-configured', 'body-too-large', 'unsupported-media-type'],
    handle({ request }) {
      const { id } = rowsOrRefuse(outlets).sync([name]);
      return accepted(request, `The push of ${name} to Rows.com is under way`, id, `/api/rows/jobs/${id}`);
    },
  };
}

/** What became of a push to Rows.com. */
export function rowsJobRoute(outlets: FindOutlets): Route {
  return {
    method: 'GET',
    path: '/api/rows/jobs/{id}',
    aliases: ['/rows/jobs/{id}'],
    tag: 'status',
    summary: 'What became of a push to Rows.com',
    params: Type.Object({ id: JobId }),
    response: { status: 200, description: 'The job', schema: OutletJobBody },
    problems: ['invalid-request', 'not-found', 'rows-not-configured'],
    handle: ({ request, params = {} }) => jobResponse(request, rowsOrRefuse(outlets), params.id ?? ''),
  };
}

/** Brings any outlet up to date now: also one that was refused, once a person has removed the reason. */
export function syncOutletRoute(outlets: FindOutlets): Route {
  return {
    method: 'POST',
    path: '/api/outlets/{outlet}/sync',
    aliases: ['/outlets/{outlet}/sync'],
    tag: 'status',
    summary: 'Brings an outlet up to date now, also one that was refused',
    params: Type.Object({ outlet: OutletName }),
    response: {
      status: 202,
      description: 'It is under way; `GET /api/outlets/{outlet}/jobs/{id}` says what became of it',
      schema: JobAccepted,
    },
    headers: ['Location'],
    problems: ['invalid-request', 'not-found', 'body-too-large', 'unsupported-media-type'],
    handle({ request, params = {} }) {
      const actor = outletOrRefuse(outlets, params.outlet ?? '');
      const { name, title } = actor.outlet;
      const { id } = actor.sync(null);
      return accepted(request, `${title.en} is being brought up to date`, id, `/api/outlets/${name}/jobs/${id}`);
    },
  };
}

/** What became of such a request. */
export function outletJobRoute(outlets: FindOutlets): Route {
  return {
    method: 'GET',
    path: '/api/outlets/{outlet}/jobs/{id}',
    aliases: ['/outlets/{outlet}/jobs/{id}'],
    tag: 'status',
    summary: 'What became of a request to bring an outlet up to date',
    params: Type.Object({ outlet: OutletName, id: JobId }),
    response: { status: 200, description: 'The job', schema: OutletJobBody },
    problems: ['invalid-request', 'not-found'],
    handle: ({ request, params = {} }) =>
      jobResponse(request, outletOrRefuse(outlets, params.outlet ?? ''), params.id ?? ''),
  };
}

function accepted(request: Request, message: string, job: string, location: string): Response | Promise<Response> {
  const headers = { 'content-type': 'application/json; charset=utf-8', location };
  return textResponse(request, JSON.stringify({ message, job }), 202, headers);
}

/** @throws Problem if there is no such job */
function jobResponse(request: Request, actor: OutletActor, id: string): Response | Promise<Response> {
  const job = actor.job(id);
  if (job === undefined) throw new Problem('not-found', 'There is no such job; the last 100 that ended are kept');
  const lastFailure = job.status === 'running' ? (actor.status().failing?.reason ?? null) : null;
  return json(request, outletJobBody({ ...job, reason: job.reason ?? lastFailure }));
}

/** @throws Problem if Rows.com is not configured */
function rowsOrRefuse(outlets: FindOutlets): OutletActor {
  const rows = outlets.find(ROWS);
  if (rows !== undefined) return rows;
  throw new Problem(
    'rows-not-configured',
    'Nothing is pushed to Rows.com: set ROWS_API_KEY and ROWS_SPREADSHEET_ID, and start the server again',
  );
}

/** @throws Problem if no such outlet is configured */
function outletOrRefuse({ all, find }: FindOutlets, name: string): OutletActor {
  const actor = find(name);
  if (actor !== undefined) return actor;
  const names = all.map(({ outlet }) => outlet.name).join(', ');
  throw new Problem(
    'not-found',
    `There is no such outlet; ${names === '' ? 'none is configured' : `there is ${names}`}`,
  );
}
