import type { Notification } from '../../core/notifications/notification.ts';

type Severity = Notification['severity'];

const RANKS: { readonly [Name in Severity]: number } = { info: 0, warning: 1, critical: 2 };

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return RANKS[severity] >= RANKS[least];
}

/** A word and a sign, since a colour alone is not seen by everybody. */
export const SEVERITY_LABELS: { readonly [Name in Severity]: string } = {
  info: '🔵 Info',
  warning: '🟠 Warning',
  critical: '🔴 Critical',
};
