import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { parseJson } from './json.ts';
import type { Snapshot } from './snapshot.ts';

export type Severity = 'info' | 'warning' | 'critical';

/** Something that notifies people, once. Its texts are English, amounts in BRL. */
export interface Occurrence {
  /** Identifies the occurrence within its rule: the same one has the same key each time it is found. */
  readonly key: string;
  readonly severity: Severity;
  readonly title: string;
  readonly message: string;
  /** Details for programs. JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The occurrences between two snapshots, and what to remember of the second for the next comparison. */
export interface Comparison {
  readonly memory: string;
  readonly occurrences: readonly Occurrence[];
}

/**
 * Finds what to notify people about in a feature's snapshots.
 *
 * A rule compares two snapshots, but gets only its own memory of the earlier one. The memory is small enough to survive a
 * restart, so the same comparison finds what happened while the server was down.
 */
export interface NotificationRule<Data = unknown> {
  readonly name: string;
  /**
   * @param memory of the snapshot before; without one, or with one of another shape, there are no occurrences
   */
  compare(memory: string | undefined, next: Snapshot<Data>): Comparison;
}

export interface NotificationRuleDefinition<Data, Memory extends TSchema> {
  /** Lower-case words with hyphens; unique within the feature. */
  readonly name: string;
  /** What to remember of a snapshot: JSON, as small as possible. */
  readonly memory: Memory;
  readonly remember: (data: Data) => Static<Memory>;
  /** Pure: the occurrences between the remembered snapshot and the next one. */
  readonly occurrences: (before: Static<Memory>, next: Snapshot<Data>) => readonly Occurrence[];
}

/**
 * Creates a rule from its definition.
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
