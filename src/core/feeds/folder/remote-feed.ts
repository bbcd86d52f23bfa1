import type { SourceName } from '../../../company/table.ts';
import { throwIfAborted, withSignal } from '../../runtime/with-signal.ts';
import type { Calls } from '../../threads/calls.ts';
import { type ChangeSink, type FeedSession, type FeedSource, SessionOutdatedError } from '../feed-source.ts';
import type { FeedHandlers, OpenedSession, Part, ReadRequest } from './feed-messages.ts';

export interface RemoteFeedOptions {
  readonly name: SourceName;
  readonly description: string;
  readonly calls: Calls<FeedHandlers>;
  /** Called once, when the source is closed. */
  readonly onClose: () => void;
}

let lastSession = 0;
let lastReading = 0;

/** The event loop's end of a feed that runs in a Worker with `feedHandlers`. */
export function createRemoteFeed({ name, description, calls, onClose }: RemoteFeedOptions): FeedSource {
  let isClosed = false;
  return {
    name,
    description,
    async open(signal) {
      throwIfAborted(signal);
      lastSession += 1;
      const session = lastSession;
      const opening = calls.call('openFeed', name, session);
      try {
        return sessionOver(calls, session, await withSignal(opening, signal));
      } catch (error) {
        // If it still opens, it is closed.
        opening.then(() => calls.call('closeSession', session)).catch(() => {});
        throw error;
      }
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await calls.call('closeFeed', name).catch(() => {});
      onClose();
    },
  };
}

function sessionOver(calls: Calls<FeedHandlers>, session: number, opened: OpenedSession): FeedSession {
  const { mode, reason, catalog } = opened;
  let { pauseMs, image } = opened;
  const read = async (request: ReadRequest, sink: ChangeSink, signal: AbortSignal): Promise<string | null> => {
    throwIfAborted(signal);
    lastReading += 1;
    const reading = lastReading;
    try {
      const first = calls.call('startReading', session, reading, request);
      const end = await takeParts(calls, reading, first, sink, signal);
      ({ pauseMs, image } = end);
      return end.position;
    } catch (error) {
      calls.call('stopReading', reading).catch(() => {});
      throw error;
    }
  };
  return {
    mode,
    reason,
    catalog,
    get pauseMs() {
      return pauseMs;
    },
    get image() {
      return image;
    },
    canFollow: (position, signal) => withSignal(calls.call('canFollow', session, position), signal),
    async load(sink, signal) {
      const position = await read({ kind: 'load' }, { ...NO_CHANGES, rows: sink.rows.bind(sink) }, signal);
      return position ?? '';
    },
    poll: (position, sink, signal, mustCatchUp) => read({ kind: 'poll', position, mustCatchUp }, sink, signal),
    compare: (signal) => withSignal(calls.call('compare', session), signal),
    async close() {
      await calls.call('closeSession', session).catch(() => {});
    },
  };
}

/** A load has rows only. */
const NO_CHANGES = { deleted: async () => {}, whole: async () => {} };

/** Passes one part after the other to the sink, while the Worker prepares the next one. */
async function takeParts(
  calls: Calls<FeedHandlers>,
  reading: number,
  first: Promise<Part>,
  sink: ChangeSink,
  signal: AbortSignal,
): Promise<Extract<Part, { kind: 'end' }>> {
  let next = first;
  for (;;) {
    const part = await withSignal(next, signal);
    if (part.kind === 'end') return part;
    if (part.kind === 'outdated') throw new SessionOutdatedError(part.reason, part.reload);
    next = calls.call('nextPart', reading);
    // If the sink fails first, an error of this call is ignored.
    next.catch(() => {});
    await write(part, sink);
  }
}

async function write(part: Exclude<Part, { kind: 'end' | 'outdated' }>, sink: ChangeSink): Promise<void> {
  // `feedHandlers` encoded the JSON.
  if (part.kind === 'whole') await sink.whole(part.table);
  else if (part.kind === 'rows') await sink.rows(part.table, JSON.parse(part.text));
  else await sink.deleted(part.table, JSON.parse(part.text));
}
