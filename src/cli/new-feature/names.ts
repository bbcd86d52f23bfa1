import type { FeaturePlan } from './plan.ts';

/** Names used in several files of a slice. */
export interface SliceNames {
  /** The group as a name of a type or a field: `Category`, `Status`. */
  readonly group: string;
  /** The list of the groups in the snapshot: `byCategory`. */
  readonly list: string;
  /** Path of that list: `by-category`. */
  readonly path: string;
  readonly total: string;
  readonly recent: string;
  readonly groups: string;
  readonly largest: string;
  readonly share: string;
}

export function namesOf({ pascal, group }: FeaturePlan): SliceNames {
  const name = group.column.charAt(0).toUpperCase() + group.column.slice(1);
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  return {
    group: name,
    list: `by${name}`,
    path: `by-${words}`,
    total: `Total${pascal}`,
    recent: `New${pascal}Last30Days`,
    groups: `Distinct${name}`,
    largest: `Largest${name}Count`,
    share: `Largest${name}Share`,
  };
}

/** Figures of the summary, the most important first. */
export function figuresOf(plan: FeaturePlan): string[] {
  const names = namesOf(plan);
  return [
    names.total,
    ...(plan.instant === null ? [] : [names.recent]),
    ...(plan.amount === null ? [] : ['TotalAmount', 'AverageAmount']),
    names.groups,
    names.share,
    names.largest,
  ];
}
