import type { Server } from 'bun';
import { answerRequests } from '../support/answer.ts';

const TOPIC = 'everyone';

/** The minimal fan-out in Bun: a fixed text published to one topic, uncompressed. */
const server: Server<undefined> = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: (request, self) => (self.upgrade(request) ? undefined : new Response(null, { status: 426 })),
  websocket: {
    perMessageDeflate: false,
    open: (socket) => void socket.subscribe(TOPIC),
    message: () => {},
  },
});

answerRequests({
  url: () => `ws://127.0.0.1:${server.port}/`,
  emit: (frame) => server.publish(TOPIC, String(frame), false),
  cpu: () => cpuMicroseconds(),
});

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
