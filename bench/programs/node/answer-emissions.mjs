/**
 * A server's end of its conversation with the benchmark, as the reference hub has it: its address on standard output,
 * `POST /emit`, and the end with that of standard input.
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
