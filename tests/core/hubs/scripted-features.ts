import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { Subject } from 'rxjs';
import type { Feature } from '../../../src/core/runtime/define-feature.ts';
import { told } from '../../../src/core/sources/changes/change-detection.ts';
import type { SourceChange } from '../../../src/core/sources/changes/source-change.ts';
import { SourceError } from '../../../src/core/sources/source-errors.ts';
import type { Sources } from '../../../src/core/sources/sources.ts';

/** A feature whose every move the test decides. */
export interface Script {
  readonly feature: Feature;
  /** Refreshes that have started. */
  readonly loads: number;
  /** The next refreshes hold this, and the feature is told that something changed. */
  show(value: number): void;
  /** Makes every snapshot bigger by this many bytes. */
  weigh(bytes: number): void;
  /** Refreshes fail for this reason, until it is null. */
  failWith(reason: string | null): void;
  /** Refreshes take until `release`. */
  hold(): void;
  release(): void;
}

export interface ScriptedFeatures<Name extends string> {
  readonly sources: Sources;
  readonly features: readonly Feature[];
  readonly scripts: Readonly<Record<Name, Script>>;
}

export const ScriptedData = Type.Object({ value: Type.Integer(), filler: Type.String() });
const WithData = Type.Object({ data: ScriptedData });

/** The figure in a snapshot or a frame of a scripted feature; undefined in any other. */
export function figureOf(carrier: unknown): number | undefined {
  return Value.Check(WithData, carrier) ? carrier.data.value : undefined;
}

/** Features of the given names over one source that reads nothing. */
export function scriptFeatures<Name extends string>(first: Name, ...others: readonly Name[]): ScriptedFeatures<Name> {
  const changes = new Subject<SourceChange>();
  const source = {
    description: 'a script',
    changes,
    read: () => Promise.reject(new SourceError('a script reads from no source')),
    changeDetection: told,
    close: async () => changes.complete(),
  };
  const entries = [first, ...others].map((name) => [name, scriptOf(name, changes)] as const);
  const scripts: Readonly<Record<string, Script>> = Object.fromEntries(entries);
  return {
    sources: { sql: source, documents: source },
    features: entries.map(([, { feature }]) => feature),
    scripts,
  };
}

function scriptOf(name: string, changes: Subject<SourceChange>): Script {
  let value = 0;
  let filler = '';
  let failure: string | null = null;
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  let loads = 0;

  const feature: Feature = {
    name,
    title: { en: name, pt: name },
    description: `Scripted figures of ${name}`,
    source: 'sql',
    watches: [name],
    schema: ScriptedData,
    parts: [],
    questions: [],
    hub: { events: [] },
    async load() {
      loads++;
      const data = { value, filler };
      await gate.promise;
      if (failure !== null) throw new SourceError(failure);
      return { data, unavailable: [] };
    },
  };
  return {
    feature,
    get loads() {
      return loads;
    },
    show(next) {
      value = next;
      changes.next({ names: new Set([name]) });
    },
    weigh(bytes) {
      filler = 'x'.repeat(bytes);
    },
    failWith(reason) {
      failure = reason;
    },
    hold() {
      gate = Promise.withResolvers();
    },
    release: () => gate.resolve(),
  };
}
