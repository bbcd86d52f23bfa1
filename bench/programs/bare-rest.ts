import { answerRequests } from '../support/answer.ts';

/** The minimal JSON response in Bun: a fixed body and its content type. The argument is a file with the body. */
const body = Buffer.from(await Bun.file(process.argv[2] ?? '').arrayBuffer());
const headers = { 'content-type': 'application/json; charset=utf-8' };

const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response(body, { headers }) });

answerRequests({ url: () => `http://127.0.0.1:${server.port}` });
