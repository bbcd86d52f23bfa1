import type { FeatureData, FeatureName } from '../../client/index.ts';

/** Paths of the figures in a snapshot's data: `'summary.WinRate' | …`. A renamed field breaks the type check. */
export type FigurePath<Name extends FeatureName> = PathOf<FeatureData[Name]>;

type PathOf<Data> = Data extends readonly unknown[]
  ? never
  : Data extends object
    ? { [Key in keyof Data & string]: PathFrom<Key, NonNullable<Data[Key]>> }[keyof Data & string]
    : never;

type PathFrom<Key extends string, Value> = string extends Key
  ? never
  : Value extends number
    ? Key
    : `${Key}.${PathOf<Value>}`;

/** The number at a path of a snapshot's data; null if it is null or missing. */
export function numberAt(data: unknown, path: string): number | null {
  let value = data;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !(name in value)) return null;
    value = Reflect.get(value, name);
  }
  return typeof value === 'number' ? value : null;
}
