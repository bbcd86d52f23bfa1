import { VirtualTimeScheduler } from 'rxjs';
import type { Channel, Frame, Transport } from '../../../../src/core/hubs/channel.ts';
import type { Close } from '../../../../src/core/hubs/close-codes.ts';
import { CLOSE } from '../../../../src/core/hubs/close-codes.ts';
import { Connection } from '../../../../src/core/hubs/connection.ts';
import { FeatureTopic } from '../../../../src/core/hubs/feature-topic.ts';
import { SignalRSession } from '../../../../src/core/hubs/signalr/session.ts';
import { DEFAULT_TIMINGS } from '../../../../src/core/runtime/actor-state.ts';
import { schedulerClock } from '../../../../src/core/runtime/clock.ts';
import { supervise } from '../../../../src/core/runtime/supervisor.ts';
import { createVolatileStore } from '../../../../src/core/store/volatile-store.ts';
import { figureFeatures } from './figure-features.ts';

/** A transport that keeps what it is given; whether its client takes it is up to the test. */
export class FakeChannel implements Channel {
  readonly keepsItselfAlive = false;
  readonly membership = null;
  readonly frames: Frame[] = [];
  readonly endings: (Close | 'terminated')[] = [];
  /** While it is stuck, what is sent waits. */
  stuck = false;
  #unsent = 0;

  constructor(readonly transport: Transport = 'webSockets') {}

  unsentBytes(): number {
    return this.#unsent;
  }

  send(frame: Frame): void {
    this.frames.push(frame);
    if (this.stuck) this.#unsent += frame.data.length;
  }

  release(): void {
    this.stuck = false;
    this.#unsent = 0;
  }

  ping(): void {}

  close(close: Close): void {
    this.endings.push(close);
  }

  terminate(): void {
    this.endings.push('terminated');
  }
}

/** Features that run on virtual time, for sessions that no server has. */
export async function openLoneHub() {
  const scripted = figureFeatures('claims', 'users');
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const clock = schedulerClock(scheduler);
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const supervisor = supervise({
    ...scripted.sources,
    features: scripted.features,
    timings: { ...DEFAULT_TIMINGS, manualIntervalMs: 0 },
    clock,
    random: () => 0,
    sequences: createVolatileStore(0),
    onError,
  });
  const topics = supervisor.running.map(
    (running) =>
      new FeatureTopic({
        running,
        emission: { intervalMs: 250, unchanged: false, scheduler },
        clock,
        server: () => undefined,
      }),
  );
  supervisor.start();
  await Promise.all(supervisor.running.map(({ actor }) => actor.refresh()));

  let ended = 0;
  return {
    ...scripted,
    errors,
    topics,
    /** Sessions that have ended so far. */
    get ended() {
      return ended;
    },
    advance(milliseconds: number) {
      scheduler.maxFrames = scheduler.frame + milliseconds;
      scheduler.flush();
      scheduler.frame = scheduler.maxFrames;
    },
    openSession(channel: Channel, stateful = false): SignalRSession {
      const onUnread = () => session.close(CLOSE.unread);
      const session: SignalRSession = new SignalRSession({
        channel,
        stateful,
        clock,
        open: (dialect, itsChannel) =>
          new Connection({ id: 'lone', hub: 'all', topics, dialect, channel: itsChannel, onUnread }),
        onEnd: () => ended++,
        onError,
      });
      return session;
    },
    stop: () => supervisor.stop(),
  };
}
