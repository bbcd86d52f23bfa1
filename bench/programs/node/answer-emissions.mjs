/**
 * Connects a server to the benchmark in the same way as the reference hub: prints its address on standard output, emits on
 * `POST /emit`, and exits when standard input ends.
 *
 * @param {import('node:http').Server} server
 * @param {string} path of its WebSockets
 * @param {(text: string) => void} emit given the text of the event's argument
 */
export function answerEmissions(server, path, emit) {
  server.on('request', async (request, response) => {
    if (request.url !== '/emit') return;
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    emit(Buffer.concat(pieces).toString());
    response.end();
  });
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}${path}`));
  process.stdin.on('end', () => process.exit()).resume();
}
