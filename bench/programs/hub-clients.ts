import { answerRequests } from '../support/answer.ts';

/** WebSocket clients that count received frames and discard them. Arguments: number of clients, then addresses. */
const [count = '0', ...urls] = process.argv.slice(2);

/** More at once would overflow the server's accept queue. */
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
  /** Waits until all clients together have received this many frames; returns the last. */
  frames: (total) =>
    new Promise<string>((resolve) => {
      wanted = { total: Number(total), resolve };
      look();
    }),
});
