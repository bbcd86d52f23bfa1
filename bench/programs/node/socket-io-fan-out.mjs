import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { answerEmissions } from './answer-emissions.mjs';

/** The usual fan-out with socket.io: one event to all. */
const server = createServer();
const io = new Server(server, { transports: ['websocket'], serveClient: false });

answerEmissions(server, '/socket.io/?EIO=4&transport=websocket', (text) => io.emit('Rows', JSON.parse(text)));
