import type { Observable } from 'rxjs';
import type { Instant } from '../figures/calendar.ts';
import type { RefreshOutcome } from '../runtime/actor.ts';
import type { EmissionReason } from '../runtime/define-feature.ts';
import type { Frame } from './channel.ts';
import type { Dialect } from './dialect.ts';
import type { NotificationMessage, SnapshotMessage, StatusMessage } from './messages.ts';

/** What is published to all who follow a topic. */
export type PublishedMessage = SnapshotMessage | NotificationMessage | StatusMessage;

/** Why a follower fetches what it lacks: it is new, it missed a publication, or it asked for `InitialData`. */
export type FetchReason = EmissionReason | 'InitialData';

/** Names of the Bun topics that carry the frames of a dialect: what the topic is about, and how it fares. */
export interface TopicChannels {
  readonly content: string;
  readonly status: string;
}

export interface Fetched {
  /** In the order in which they are to be sent. */
  readonly frames: readonly Frame[];
  /** Whether the follower lacks more than that, to be fetched when these have left. */
  readonly more: boolean;
}

/** A stream of messages that hubs carry: the snapshots of one feature, or the notifications. */
export interface Topic {
  readonly name: string;
  /** A value at each emission; completes when nothing will be emitted any more. */
  readonly emitted: Observable<Topic>;
  readonly lastEmissionAt: Instant | null;
  /** Number of the latest; null before the first. */
  readonly seq: number | null;
  /** How many keep up. */
  readonly following: number;
  /** How many do not. */
  readonly behind: number;
  channels(dialect: Dialect): TopicChannels;
  /** From now on publications reach the follower. */
  follow(follower: Follower): void;
  /** From now on the follower is told that it misses something, and fetches it itself. */
  fallBehind(follower: Follower): void;
  leave(follower: Follower): void;
  /** What a follower that is behind lacks, or the first of it; all that is fetched is sent. */
  fetch(follower: Follower, reason: FetchReason): Fetched;
  /** The newest whole, as an item of a stream; null before the first. */
  newestItem(): { readonly value: unknown; readonly text: string } | null;
  status(): StatusMessage;
  /** Makes what is newest anew, where it is made from a source. Never rejects. */
  refresh(): Promise<RefreshOutcome>;
  close(): void;
}

/** Whoever follows topics: a connection, seen from the topic. */
export interface Follower {
  readonly dialect: Dialect;
  /** Whether Bun's topics reach it; else each publication is handed over by itself. */
  readonly hasMembership: boolean;
  /** Whether it wants to hear of every change of status, where not everyone does. */
  readonly wantsStatus: boolean;
  deliver(topic: Topic, frame: Frame, message: PublishedMessage): void;
  /** A follower that is behind is told of what it misses, and fetches it itself. */
  missed(topic: Topic, message: PublishedMessage): void;
  /** Called before each publication: a follower to whom the last one has not left yet falls behind. */
  fallBehindIfSlow(): void;
}
