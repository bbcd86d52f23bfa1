import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { parseJson } from './json.ts';
import type { Snapshot } from './snapshot.ts';

export type Severity = 'info' | 'warning' | 'critical';

/** Something that people are told of, once. Its words are for them: English, amounts in BRL. */
export interface Occurrence {
  /** The same whenever the same thing is noticed; different for another of the same rule. */
  readonly key: string;
  readonly severity: Severity;
  readonly title: string;
  readonly message: string;
  /** What a program wants to know of it. JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What has happened from one snapshot to the next, and what to remember of the next one for the one after it. */
export interface Comparison {
  readonly memory: string;
  readonly occurrences: readonly Occurrence[];
}

/**
 * When people are to be told of something that a feature's snapshots show.
 *
 * A rule compares two snapshots, but of the earlier one it has only what it asked to be remembered. That is small enough
 * to be kept over a restart, so that what happened while the server was down is noticed by the same comparison.
 */
export interface NotificationRule<Data = unknown> {
  readonly name: string;
  /**
   * @param memory of the snapshot before; with none, or one of another shape, nothing counts as having happened
   */
  compare(memory: string | undefined, next: Snapshot<Data>): Comparison;
}

export interface NotificationRuleDefinition<Data, Memory extends TSchema> {
  /** Lower-case words with hyphens; unique within the feature. */
  readonly name: string;
  /** What is remembered of a snapshot: JSON, as little as does. */
  readonly memory: Memory;
  readonly remember: (data: Data) => Static<Memory>;
  /** Pure: what has happened from the remembered snapshot to the next one. */
  readonly occurrences: (before: Static<Memory>, next: Snapshot<Data>) => readonly Occurrence[];
}

/**
 * Makes a rule of its definition.
 *
 * @example
 * notificationRule({
 *   name: 'course-added',
 *   memory: Type.Integer(),
 *   remember: ({ summary }: ContentData) => summary.TotalCourses,
 *   occurrences: (before, { data, seq }) => (data.summary.TotalCourses > before ? [{ key: `${seq}`, … }] : []),
 * })
 */
export function notificationRule<Data, Memory extends TSchema>(
  definition: NotificationRuleDefinition<Data, Memory>,
): NotificationRule<Data> {
  const { name, memory: schema, remember, occurrences } = definition;
  return {
    name,
    compare(memory, next) {
      const before = memory === undefined ? undefined : parseJson(memory);
      return {
        memory: JSON.stringify(remember(next.data)),
        occurrences: Value.Check(schema, before) ? occurrences(before, next) : [],
      };
    },
  };
}
