const sockets = new Set<WebSocket>();
/** The latest snapshot of the finances, as the server sent it. */
let latest: { seq: number; data: { revenue: object; revenueByDay: { Amount: number }[] } } | undefined;

/** Notes every WebSocket of the page, so that a test can take it away as a broken line does, or speak for the server. */
export function watchSockets(): void {
  const Made = globalThis.WebSocket;
  globalThis.WebSocket = class extends Made {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      sockets.add(this);
      this.addEventListener('close', () => sockets.delete(this));
      this.addEventListener('message', ({ data }) => {
        const frame = JSON.parse(data);
        if (frame.type === 'Snapshot' && frame.hub === 'financial') latest = frame;
      });
    }
  };
}

export function dropSockets(): void {
  for (const socket of sockets) socket.close();
}

/** Has the page hear so many more snapshots as fast as it can draw them; in each one every day's revenue has moved. */
export async function emit(count: number, aFrame: number): Promise<number> {
  for (let step = 1; step <= count; step++) {
    if (latest === undefined) throw new Error('The finances have not come yet');
    const { seq, data } = latest;
    const revenueByDay = data.revenueByDay.map((day, index) => ({ ...day, Amount: 100 + ((seq * (index + 1)) % 97) }));
    const moved = { ...data, revenue: { ...data.revenue, MonthlyRevenue: (seq + 1) % 1_000_000 }, revenueByDay };
    const frame = JSON.stringify({ ...latest, seq: seq + 1, reason: 'Auto', data: moved });
    for (const socket of sockets) socket.dispatchEvent(new MessageEvent('message', { data: frame }));
    if (step % aFrame === 0) await new Promise(requestAnimationFrame);
  }
  return (latest?.seq ?? 0) % 1_000_000;
}
