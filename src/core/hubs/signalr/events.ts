import { isoInstantOrNull } from '../../figures/calendar.ts';
import type { ServerMessage, SnapshotMessage } from '../messages.ts';
import { type Payload, payload, RECORD, type ServerRecord } from './records.ts';

/**
 * The messages of a hub as the events that SignalR clients register for (contract, section 5). A message without an event
 * yields none.
 */
export function recordsOf(message: ServerMessage): ServerRecord[] {
  switch (message.kind) {
    case 'snapshot':
      return snapshotEvents(message);
    case 'status': {
      const { hub, status, since, reason } = message;
      return [invocation('Status', payload({ hub, status, since: isoInstantOrNull(since), reason }))];
    }
    case 'notification':
      return [invocation('Notification', payload(message.notification))];
    case 'notification-history':
      return [invocation('InitialData', payload(message.notifications))];
    case 'update-processed':
      return [invocation('UpdateProcessed', payload(message.outcome))];
    case 'subscription-confirmed':
      return [invocation('SubscriptionConfirmed', payload({ topic: message.topic }))];
    default:
      return [];
  }
}

function snapshotEvents({ snapshot, reason, definition, withInitialData }: SnapshotMessage): ServerRecord[] {
  const { data, encoded } = snapshot;
  const events = definition.events.map(({ target, argument }) => invocation(target, payload(argument(data, reason))));
  if (!withInitialData) return events;
  const initial =
    definition.initialData === undefined ? payload(data, encoded.data) : payload(definition.initialData(data));
  return [invocation('InitialData', initial), ...events];
}

function invocation(target: string, argument: Payload): ServerRecord {
  return { type: RECORD.invocation, target, argument };
}
