import type { Feature } from '../../src/core/runtime/define-feature.ts';
import type { NotificationRule, Occurrence } from '../../src/core/runtime/notification-rule.ts';
import { snapshotOf } from './snapshot-of.ts';

/** The one notification rule of a feature. */
export function ruleOf<Data>({ name, hub }: Feature<Data>): NotificationRule<Data> {
  const [rule, ...more] = hub.notificationRules ?? [];
  if (rule === undefined || more.length > 0) throw new Error(`${name} has not one rule, but ${more.length}`);
  return rule;
}

/** What a rule finds between consecutive snapshots; the first has no predecessor. Sequence numbers start at 1. */
export function findings<Data>(rule: NotificationRule<Data>, snapshots: readonly Data[]): (readonly Occurrence[])[] {
  let memory: string | undefined;
  return snapshots.map((data, index) => {
    const comparison = rule.compare(memory, snapshotOf(data, index + 1));
    memory = comparison.memory;
    return comparison.occurrences;
  });
}
