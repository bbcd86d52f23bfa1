const sockets = new Set<WebSocket>();

/** Notes every WebSocket of the page, so that a test can take it away as a broken line does. */
export function watchSockets(): void {
  const Made = globalThis.WebSocket;
  globalThis.WebSocket = class extends Made {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      sockets.add(this);
      this.addEventListener('close', () => sockets.delete(this));
    }
  };
}

export function dropSockets(): void {
  for (const socket of sockets) socket.close();
}
