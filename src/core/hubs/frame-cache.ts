import type { Frame } from './channel.ts';
import type { Dialect } from './dialect.ts';
import type { ServerMessage } from './messages.ts';

/** Frames for many clients. They live as long as their content and never keep it alive. */
export class FrameCache<Content extends object> {
  readonly #frames = new WeakMap<Content, Map<string, readonly Frame[]>>();

  /** @param variant distinguishes the messages of one content */
  framesOf(content: Content, variant: string, dialect: Dialect, message: () => ServerMessage): readonly Frame[] {
    const variants = this.#frames.get(content) ?? new Map<string, readonly Frame[]>();
    this.#frames.set(content, variants);
    const key = `${dialect.name} ${variant}`;
    const cached = variants.get(key);
    if (cached !== undefined) return cached;
    const frame = dialect.encode(message());
    const frames = frame === null ? [] : [frame];
    variants.set(key, frames);
    return frames;
  }
}
