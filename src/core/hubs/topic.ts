import type { Instant } from '../figures/calendar.ts';
import type { RefreshOutcome } from '../runtime/actor.ts';
import type { Broadcast } from './broadcast.ts';
import type { StatusMessage } from './messages.ts';

/** What a hub is about: one feature, or the notifications. */
export interface Topic {
  readonly name: string;
  readonly content: Broadcast;
  /** Changes of status; null where there are none. */
  readonly statuses: Broadcast | null;
  readonly lastEmissionAt: Instant | null;
  /** Number of the newest snapshot or notification; null before the first. */
  readonly seq: number | null;
  /** The newest content, as an item of a SignalR stream; null before the first. */
  newestItem(): { readonly value: unknown; readonly text: string } | null;
  status(): StatusMessage;
  /** Refreshes the content at its source, where it has one. Never rejects. */
  refresh(): Promise<RefreshOutcome>;
  close(): void;
}
