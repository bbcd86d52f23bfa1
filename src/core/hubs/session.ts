import type { Moment } from '../runtime/actor-state.ts';
import type { Channel } from './channel.ts';
import type { Close } from './close-codes.ts';
import type { Connection } from './connection.ts';

/** One client in one dialect, from its first frame to its end, whatever carries it. */
export interface Session {
  /** Undefined while it is not known yet what the client speaks. */
  readonly connection: Connection | undefined;
  receive(piece: string | Uint8Array): void;
  /** Bytes have left: the client reads. */
  drained(): void;
  /**
   * A transport has gone.
   *
   * @param channel which one, where another may have taken its place
   */
  lost(channel?: Channel): void;
  /** Called every few seconds: asks for a sign of life or gives one, where it is time to. */
  keepAlive(at: Moment): void;
  /** Ends it and says why. */
  close(close: Close): void;
  /** Ends it at once: nobody is there to be told. */
  terminate(): void;
}
