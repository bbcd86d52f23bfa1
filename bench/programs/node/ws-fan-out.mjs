import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { answerEmissions } from './answer-emissions.mjs';

/** The usual fan-out with `ws`: one text, sent to one client after the other. */
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });

answerEmissions(server, '/', (text) => {
  const frame = `{"type":1,"target":"Rows","arguments":[${text}]}\u001e`;
  for (const socket of sockets.clients) socket.send(frame);
});
