import { Type } from '@sinclair/typebox';
import { notificationRule } from '../../../src/core/runtime/notification-rule.ts';
import { type ScriptedFeatures, scriptFeatures } from './scripted-features.ts';

/** Every whole number that the figure of a scripted feature passes is an occurrence. */
const passed = notificationRule({
  name: 'passed',
  memory: Type.Integer(),
  remember: ({ value }: { readonly value: number }) => value,
  occurrences: (before, { data: { value } }) =>
    Array.from({ length: Math.max(0, value - before) }, (_, index) => ({
      key: String(before + index + 1),
      severity: 'warning',
      title: `Passed ${before + index + 1}`,
      message: 'as the script wanted',
      data: { passed: before + index + 1 },
    })),
});

/** Scripted features that have this rule. */
export function noticedFeatures<Name extends string>(first: Name, ...others: readonly Name[]): ScriptedFeatures<Name> {
  const { features, ...rest } = scriptFeatures(first, ...others);
  return { ...rest, features: features.map((each) => ({ ...each, hub: { events: [], notificationRules: [passed] } })) };
}
