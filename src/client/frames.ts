import type { AnySnapshot, FeatureName, FeatureStatus, Notification, UpdateOutcome } from './shapes.ts';

/** What a frame of the plain JSON dialect means to the client. */
export type ServerMessage =
  | { readonly kind: 'snapshot'; readonly snapshot: AnySnapshot }
  | { readonly kind: 'status'; readonly status: FeatureStatus }
  | { readonly kind: 'notification'; readonly notification: Notification }
  | { readonly kind: 'update-processed'; readonly outcome: UpdateOutcome };

const FEATURES: Readonly<Record<FeatureName, true>> = {
  claims: true,
  financial: true,
  subscriptions: true,
  support: true,
  content: true,
  users: true,
  storage: true,
};

/** The features in the order in which people see them. */
export const FEATURE_NAMES: readonly FeatureName[] = Object.keys(FEATURES).filter(isFeature);

/**
 * Reads a frame. Of a snapshot's data and a notification's members it checks nothing: the server has the schemas.
 *
 * @returns undefined if it means nothing to the client: later servers may send other frames
 */
export function readFrame(data: unknown): ServerMessage | undefined {
  const frame = typeof data === 'string' ? parse(data) : undefined;
  if (typeof frame !== 'object' || frame === null || !('type' in frame)) return undefined;
  const { type, hub, ...members } = Object(frame);
  switch (type) {
    case 'Snapshot':
      return snapshotMessage({ feature: hub, ...members });
    case 'Status':
      return statusMessage({ feature: hub, ...members });
    case 'Notification':
      return notificationMessage({ hub, ...members });
    case 'UpdateProcessed':
      return { kind: 'update-processed', outcome: outcomeOf(members) };
    default:
      return undefined;
  }
}

function snapshotMessage(value: unknown): ServerMessage | undefined {
  return isSnapshot(value) ? { kind: 'snapshot', snapshot: value } : undefined;
}

function statusMessage(value: unknown): ServerMessage | undefined {
  return isStatus(value) ? { kind: 'status', status: value } : undefined;
}

function notificationMessage(value: unknown): ServerMessage | undefined {
  return isNotification(value) ? { kind: 'notification', notification: value } : undefined;
}

function isSnapshot(value: unknown): value is AnySnapshot {
  const { feature, seq, data } = Object(value);
  return isFeature(feature) && Number.isInteger(seq) && typeof data === 'object' && data !== null;
}

function isStatus(value: unknown): value is FeatureStatus {
  const { feature, status } = Object(value);
  return isFeature(feature) && typeof status === 'string';
}

function isNotification(value: unknown): value is Notification {
  return Number.isInteger(Object(value).id);
}

function isFeature(name: unknown): name is FeatureName {
  return typeof name === 'string' && Object.hasOwn(FEATURES, name);
}

function outcomeOf({ status, message }: { readonly status?: unknown; readonly message?: unknown }): UpdateOutcome {
  return status === 'ok' ? { status } : { status: 'error', message: String(message ?? 'It failed') };
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
