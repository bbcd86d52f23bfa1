import type { Identity } from '../access/identity.ts';
import type { Cancel, Clock } from '../runtime/clock.ts';
import { CLOSE } from './close-codes.ts';
import type { Connection } from './connection.ts';
import type { Dialect } from './dialect.ts';
import { every } from './patient-clock.ts';
import type { Session } from './session.ts';
import { LINGER_MS } from './transports/linger.ts';

const SWEEP_INTERVAL_MS = 5_000;
/** A client without a sign of life for this long is gone. Clients of SignalR ping every 15 s by themselves. */
const GONE_MS: Readonly<Record<Dialect['name'], number>> = {
  json: 60_000,
  'signalr-json': 30_000,
  'signalr-messagepack': 30_000,
};
/** The longest delay of one timer, ms: timers overflow beyond 2^31. */
const LONGEST_DELAY_MS = 3_600_000;

/** All open sessions, those before their handshake too. Each ends when its token expires or its client falls silent. */
export class Sessions {
  readonly #clock: Clock;
  readonly #sweeps: readonly Cancel[];
  /** With the timer of each session's expiry. */
  readonly #sessions = new Map<Session, Cancel>();
  #closing = false;
  #allGone = () => {};

  /** @param patient the clock for silent clients */
  constructor(clock: Clock, patient: Clock) {
    this.#clock = clock;
    this.#sweeps = [
      every(patient, SWEEP_INTERVAL_MS, () => this.#endSilent()),
      // Not the patient clock: clients wait for our pings, after a pause more than ever.
      every(clock, SWEEP_INTERVAL_MS, () => this.#keepAlive()),
    ];
  }

  /** @param identity whose token limits the session */
  add(session: Session, identity: Identity): void {
    this.#sessions.set(session, () => {});
    this.renew(session, identity);
    if (this.#closing) session.close(CLOSE.goingAway);
  }

  /** From now on an open session ends when this token expires, not an earlier one. */
  renew(session: Session, { expiresAt }: Identity): void {
    this.#sessions.get(session)?.();
    const closeIfExpired = () => {
      if (!this.#sessions.has(session) || expiresAt === null) return;
      const left = expiresAt - this.#clock.now();
      if (left <= 0) session.close(CLOSE.expired);
      else this.#sessions.set(session, this.#clock.schedule(Math.min(left, LONGEST_DELAY_MS), closeIfExpired));
    };
    closeIfExpired();
  }

  remove(session: Session): void {
    this.#sessions.get(session)?.();
    this.#sessions.delete(session);
    if (this.#sessions.size === 0) this.#allGone();
  }

  get connections(): Connection[] {
    return [...this.#sessions.keys()].flatMap(({ connection }) => connection ?? []);
  }

  /**
   * Ends every session with its reason once the client has read what was sent; a client that does not read is cut off
   * after two seconds. Resolves when all are gone; never rejects.
   */
  async close(): Promise<void> {
    this.#closing = true;
    for (const cancel of this.#sweeps) cancel();
    for (const session of this.#sessions.keys()) {
      const end = () => session.close(CLOSE.goingAway);
      if (session.connection === undefined) end();
      else session.connection.finish(end);
    }
    if (this.#sessions.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.schedule(LINGER_MS, () => {
        for (const session of this.#sessions.keys()) session.terminate();
        resolve();
      });
      this.#allGone = () => {
        cancel();
        resolve();
      };
    });
  }

  #endSilent(): void {
    for (const session of this.#sessions.keys()) {
      if (session.connection === undefined) continue;
      const { dialect, channel, lastHeardAt } = session.connection;
      const silence = this.#clock.elapsed() - lastHeardAt;
      if (!channel.keepsItselfAlive && silence > GONE_MS[dialect.name]) session.terminate();
    }
  }

  #keepAlive(): void {
    for (const session of this.#sessions.keys()) {
      if (session.connection !== undefined) session.keepAlive(this.#clock.elapsed());
    }
  }
}
