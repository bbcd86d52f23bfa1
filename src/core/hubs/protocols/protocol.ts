import type { ClientMessage, FrameError, ServerMessage } from '../messages.ts';

/** Bytes ⇄ messages, and nothing else. The same message always becomes the same bytes, whoever it is for. */
export interface Protocol {
  readonly name: string;
  encode(message: ServerMessage): string | Uint8Array;
  decode(frame: string | Uint8Array): ClientMessage | FrameError;
}
