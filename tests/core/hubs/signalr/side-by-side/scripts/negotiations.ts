import type { Difference } from '../transcript.ts';
import { asking, type HttpScript } from './script.ts';

const TRANSPORTS =
  '"availableTransports":[{"transport":"WebSockets","transferFormats":["Text","Binary"]},{"transport":"ServerSentEvents","transferFormats":["Text"]},{"transport":"LongPolling","transferFormats":["Text","Binary"]}]';
const VERSION_1 = `{${TRANSPORTS},"connectionId":"…","connectionToken":"…","negotiateVersion":1}`;

const negotiating = (query: string, differs?: Difference) =>
  asking(`negotiate${query}`, ['POST', `/negotiate${query}`], differs);

/** The negotiation, in every way that a client may ask for one. */
export const NEGOTIATIONS: readonly HttpScript[] = [
  negotiating('?negotiateVersion=1'),
  negotiating('?negotiateVersion=0'),
  negotiating(''),
  negotiating('?negotiateVersion=2'),
  negotiating('?negotiateVersion=-1'),
  negotiating('?negotiateVersion='),
  negotiating('?negotiateVersion=one'),
  negotiating('?negotiateVersion=1.5'),
  negotiating('?negotiateVersion=1&negotiateVersion=0', {
    why: 'the first one counts; ASP.NET Core reads both as one number',
    ours: [VERSION_1],
    theirs: ['{"error":"…"}'],
  }),
  negotiating('?NEGOTIATEVERSION=1'),
  negotiating('?negotiateVersion=1&useStatefulReconnect=true'),
  negotiating('?negotiateVersion=1&useStatefulReconnect=True'),
  negotiating('?negotiateVersion=1&useStatefulReconnect=false'),
  negotiating('?negotiateVersion=1&useStatefulReconnect=1'),
  negotiating('?negotiateVersion=0&useStatefulReconnect=true'),
  asking('a body is not read', ['POST', '/negotiate?negotiateVersion=1', { body: '{}' }]),
  asking('GET', ['GET', '/negotiate?negotiateVersion=1']),
  asking('PUT', ['PUT', '/negotiate?negotiateVersion=1']),
];
