import type { Instant } from '../figures/calendar.ts';
import type { Notification } from '../notifications/notification.ts';
import type { EmissionReason, HubDefinition } from '../runtime/define-feature.ts';
import type { Snapshot } from '../runtime/snapshot.ts';

/** A message of the server, before a dialect encodes it. */
export type ServerMessage =
  | { readonly kind: 'connected'; readonly hub: string; readonly clientId: string }
  | SnapshotMessage
  | StatusMessage
  | NotificationMessage
  /** The newest ones together, oldest first, for dialects with such an event; others send each by itself. */
  | { readonly kind: 'notification-history'; readonly notifications: readonly Notification[] }
  | { readonly kind: 'pong'; readonly timestamp: unknown }
  | { readonly kind: 'error'; readonly code: FrameErrorCode; readonly message: string }
  | {
      readonly kind: 'update-processed';
      readonly hub: string;
      readonly outcome: { readonly status: 'ok' } | { readonly status: 'error'; readonly message: string };
    }
  | { readonly kind: 'subscription-confirmed'; readonly hub: string; readonly topic: string };

export interface SnapshotMessage {
  readonly kind: 'snapshot';
  readonly hub: string;
  readonly snapshot: Snapshot;
  readonly reason: EmissionReason;
  /** The events that the snapshot becomes for clients of the SignalR protocol. */
  readonly definition: HubDefinition<unknown>;
  /** Whether `InitialData` goes before those events. */
  readonly withInitialData: boolean;
}

/** A notification, about the feature that it names or about several. */
export interface NotificationMessage {
  readonly kind: 'notification';
  readonly notification: Notification;
}

/** A feature turned stale or live, or has no snapshot yet. */
export interface StatusMessage {
  readonly kind: 'status';
  readonly hub: string;
  readonly status: 'none' | 'live' | 'stale';
  readonly since: Instant | null;
  readonly reason: string | null;
}

/** A message of a client of plain JSON. */
export type ClientMessage =
  | { readonly kind: 'invoke'; readonly method: string }
  | { readonly kind: 'ping'; readonly timestamp: unknown };

/** Why a frame was refused. */
export type FrameErrorCode =
  | 'bad-json'
  | 'invalid-frame'
  | 'unknown-type'
  | 'unknown-method'
  | 'frame-too-large'
  | 'binary-frame'
  | 'busy'
  | 'internal';

/** A frame that is not a message. */
export interface FrameError {
  readonly kind: 'refused';
  readonly code: FrameErrorCode;
  readonly message: string;
}
