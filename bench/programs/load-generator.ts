import { connect } from 'node:net';
import { answerRequests } from '../support/answer.ts';

/** A substitute for wrk: keep-alive connections with one request each. Arguments: number of connections, seconds. */
const [connections = '1', seconds = '1'] = process.argv.slice(2);
const HEAD_END = '\r\n\r\n';

answerRequests({
  /** Number of responses received. Each needs a Content-Length. */
  async run(url) {
    const counts = await Promise.all(
      Array.from({ length: Number(connections) }, () => askAgainAndAgain(new URL(String(url)), Number(seconds))),
    );
    return counts.reduce((total, answers) => total + answers, 0);
  },
});

function askAgainAndAgain({ hostname, port, pathname }: URL, forSeconds: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const request = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`;
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let answers = 0;
  let missing = 0;
  socket.on('error', reject);
  socket.on('connect', () => socket.write(request));
  socket.on('data', (bytes) => {
    if (missing === 0) missing = lengthOfAnswer(bytes);
    missing -= bytes.length;
    if (missing > 0) return;
    answers++;
    socket.write(request);
  });
  setTimeout(() => {
    socket.destroy();
    resolve(answers);
  }, forSeconds * 1000);
  return promise;
}

/** Length of head and body. Servers write the head at once, so the first chunk contains all of it. */
function lengthOfAnswer(bytes: Buffer): number {
  const end = bytes.indexOf(HEAD_END);
  const head = bytes.toString('latin1', 0, end);
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  if (length === undefined || !head.startsWith('HTTP/1.1 200 ')) throw new Error(`Not 200 of a known length: ${head}`);
  return end + HEAD_END.length + Number(length);
}
