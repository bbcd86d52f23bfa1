import type { Notification } from '../../client/index.ts';
import type { Format } from '../format/format.ts';
import { codeText } from '../words/code-text.ts';
import type { Words } from '../words/pt.ts';

export interface NotificationText {
  readonly title: string;
  readonly detail: string;
}

interface Writing {
  readonly words: Words;
  readonly format: Format;
  /** The title of a feature in the reader's language. */
  readonly featureTitle: (name: string) => string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

type Data = Notification['data'];
type Writer = (data: Data, writing: Writing) => NotificationText | undefined;

/** The texts of each hub's notifications. */
const WRITERS: Readonly<Record<string, readonly Writer[]>> = {
  claims: [claimCritical],
  financial: [newChargebacks],
  subscriptions: [revenueFell],
  support: [oldTicket],
  all: [sourceBack, sourceLost],
};

/** The text of a notification in the reader's language; the server's English text if its kind is unknown. */
export function notificationText(notification: Notification, writing: Writing): NotificationText {
  const { hub, data, title, message } = notification;
  // The loss of a source may be announced on the hub of a feature.
  const writers = [...(WRITERS[hub] ?? []), sourceBack, sourceLost];
  for (const write of writers) {
    const text = write(data, writing);
    if (text !== undefined) return text;
  }
  return { title, detail: message };
}

function claimCritical(data: Data, { words, format }: Writing): NotificationText | undefined {
  const { id, claim_type: type, days_open: days, amount_at_risk: amount } = data;
  if (typeof id !== 'number' || typeof type !== 'string' || typeof days !== 'number' || typeof amount !== 'number') {
    return undefined;
  }
  const { notifications, codes } = words;
  return {
    title: notifications.claimCritical(String(id)),
    detail: notifications.claimCriticalDetail(
      codeText(codes.claimType, type),
      format.duration(days * DAY_MS),
      format.exact(amount, 'BRL'),
    ),
  };
}

function newChargebacks(data: Data, { words, format }: Writing): NotificationText | undefined {
  const { added, TotalChargebacks: all, TotalAmount: total } = data;
  if (typeof added !== 'number' || typeof all !== 'number' || typeof total !== 'number') return undefined;
  const { notifications } = words;
  return {
    title: notifications.chargebacks(added, format.exact(added, 'count')),
    detail: notifications.chargebacksDetail(format.exact(all, 'count'), format.exact(total, 'BRL')),
  };
}

function revenueFell(data: Data, { words, format }: Writing): NotificationText | undefined {
  const { before, after, percent } = data;
  if (typeof before !== 'number' || typeof after !== 'number' || typeof percent !== 'number') return undefined;
  const { notifications } = words;
  return {
    title: notifications.mrrFell(format.exact(percent, 'percent')),
    detail: notifications.mrrFellDetail(format.exact(before, 'BRL'), format.exact(after, 'BRL')),
  };
}

function oldTicket(data: Data, { words, format }: Writing): NotificationText | undefined {
  const { OldestOpenDays: days, OpenTickets: open, InProgressTickets: inProgress } = data;
  if (typeof days !== 'number' || typeof open !== 'number' || typeof inProgress !== 'number') return undefined;
  const { notifications } = words;
  return {
    title: notifications.oldTicket,
    detail: notifications.oldTicketDetail(format.duration(days * DAY_MS), format.exact(open + inProgress, 'count')),
  };
}

function sourceBack(data: Data, { words, format }: Writing): NotificationText | undefined {
  const { source, seconds } = data;
  if (typeof source !== 'string' || typeof seconds !== 'number') return undefined;
  const { notifications } = words;
  return {
    title: notifications.sourceBack(codeText(notifications.source, source)),
    detail: notifications.sourceBackDetail(format.duration(seconds * 1000)),
  };
}

function sourceLost(data: Data, { words, format, featureTitle }: Writing): NotificationText | undefined {
  const { source, features } = data;
  if (typeof source !== 'string' || !Array.isArray(features)) return undefined;
  const { notifications } = words;
  return {
    title: notifications.sourceLost(codeText(notifications.source, source)),
    detail: notifications.sourceLostDetail(format.list(features.map((name) => featureTitle(String(name))))),
  };
}
