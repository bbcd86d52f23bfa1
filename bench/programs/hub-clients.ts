import { answerRequests } from '../support/answer.ts';

/** WebSocket clients that count what they are sent and keep none of it. Arguments: how many, then the addresses. */
const [count = '0', ...urls] = process.argv.slice(2);

/** More at once would fill the queue of connections that wait for the server to accept them. */
const AT_ONCE = 100;

let frames = 0;
let newest = '';
let wanted: { readonly total: number; resolve(newest: string): void } | undefined;

const look = () => {
  if (wanted === undefined || frames < wanted.total) return;
  wanted.resolve(newest);
  wanted = undefined;
};

const connect = (url: string) =>
  new Promise<void>((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('close', ({ code }) => reject(new Error(`closed with ${code}`)));
    socket.addEventListener('message', ({ data }) => {
      frames++;
      newest = String(data);
      look();
    });
  });

answerRequests({
  async connect() {
    for (let opened = 0; opened < Number(count); opened += AT_ONCE) {
      const batch = Array.from({ length: Math.min(AT_ONCE, Number(count) - opened) }, (_, index) => opened + index);
      await Promise.all(batch.map((index) => connect(urls[index % urls.length] ?? '')));
    }
  },
  /** Waits until so many frames have come since the start, over all clients; answers the last of them. */
  frames: (total) =>
    new Promise<string>((resolve) => {
      wanted = { total: Number(total), resolve };
      look();
    }),
});
