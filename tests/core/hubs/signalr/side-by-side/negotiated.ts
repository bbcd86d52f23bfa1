import { type HttpWire, openHttpWire } from './http-wire.ts';
import { openWire, type Wire } from './wire.ts';

/** Connections that were negotiated, over WebSockets that come and go. */
export interface Negotiated {
  /** @param query more of the negotiation's */
  negotiate(query?: string): Promise<string>;
  /** Opens a WebSocket; undefined where it is refused, which is heard too. */
  open(id: string): Promise<Wire | undefined>;
  /** Lets a second pass, at the end of which a server acknowledges what it received. */
  second(): void;
}

/** @param second how a second passes for this server */
export function openNegotiated(url: string, second: () => void): Negotiated & { lines(): string[]; destroy(): void } {
  const http: HttpWire = openHttpWire(`${url}/hubs/reference`);
  const wires: (Wire | string)[] = [];
  return {
    negotiate: (query) => http.negotiate(query),
    second,
    async open(id) {
      try {
        const wire = await openWire(url, `/hubs/reference?id=${id}`);
        wires.push(wire);
        return wire;
      } catch (refusal) {
        wires.push(String(refusal));
        return undefined;
      }
    },
    lines: () =>
      wires.flatMap((wire, index) => [`WebSocket ${index + 1}`, ...(typeof wire === 'string' ? [wire] : wire.lines)]),
    destroy() {
      for (const wire of wires) if (typeof wire !== 'string') wire.destroy();
    },
  };
}
