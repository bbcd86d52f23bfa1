import type { ElapsedMs } from '../runtime/clock.ts';
import type { Channel } from './channel.ts';
import type { Close } from './close-codes.ts';
import type { Connection } from './connection.ts';

/** One client in one dialect, from its first frame to its end, over any transport. */
export interface Session {
  /** Undefined before the handshake. */
  readonly connection: Connection | undefined;
  receive(piece: string | Uint8Array): void;
  /** The client has taken bytes. */
  drained(): void;
  /**
   * A transport has closed.
   *
   * @param channel which one, where another may have taken its place
   */
  lost(channel?: Channel): void;
  /** Called every few seconds: sends a ping if one is due. */
  keepAlive(at: ElapsedMs): void;
  /** Closes the session with a reason. */
  close(close: Close): void;
  /** Ends the session at once, without a reason. */
  terminate(): void;
}
