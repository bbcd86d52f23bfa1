import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Feature } from '../../../src/core/runtime/define-feature.ts';
import type { Content } from '../../../src/core/runtime/snapshot.ts';
import { SourceError } from '../../../src/core/runtime/source-errors.ts';
import type { TestSources } from '../../support/local-sources.ts';
import { type ScriptedFeed, scriptFeed } from '../../support/scripted-feed.ts';
import { scriptMirror } from '../../support/scripted-mirror.ts';

/** A feature whose every move the test decides. */
export interface Script {
  readonly feature: Feature;
  /** Refreshes that have started. */
  readonly loads: number;
  /** The next refreshes return this, and the feed reports a change. */
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
  readonly sources: TestSources;
  readonly features: readonly Feature[];
  readonly scripts: Readonly<Record<Name, Script>>;
  /** The source of them all fails for this reason, and they are stale, until it is null. */
  failSourceWith(reason: string | null): void;
}

export const ScriptedData = Type.Object({ value: Type.Integer(), filler: Type.String() });
const WithData = Type.Object({ data: ScriptedData });

/** The figure in a snapshot or a frame of a scripted feature; undefined in any other. */
export function figureOf(carrier: unknown): number | undefined {
  return Value.Check(WithData, carrier) ? carrier.data.value : undefined;
}

/** Features of the given names over a feed and a mirror that hold what the test says. */
export function scriptFeatures<Name extends string>(first: Name, ...others: readonly Name[]): ScriptedFeatures<Name> {
  const sql = scriptFeed('sql');
  const entries = [first, ...others].map((name) => [name, scriptOf(name, sql)] as const);
  const scripts: Readonly<Record<string, ScriptOf>> = Object.fromEntries(entries);
  return {
    sources: {
      feeds: { sql: sql.feed, documents: scriptFeed('documents').feed },
      mirror: scriptMirror((name) => {
        const script = scripts[name];
        if (script === undefined) throw new SourceError(`There is no script of ${name}`);
        return script.load();
      }),
    },
    features: entries.map(([, { feature }]) => feature),
    scripts,
    failSourceWith: (reason) => sql.failWith(reason === null ? null : { since: Date.now(), reason, blame: 'source' }),
  };
}

interface ScriptOf extends Script {
  load(): Promise<Content<unknown>>;
}

function scriptOf(name: string, feed: ScriptedFeed): ScriptOf {
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
    reads: { [name]: ['value'] },
    objects: [],
    schema: ScriptedData,
    catalogue: { figures: [], lists: [] },
    headlines: [],
    sheets: [],
    parts: [],
    questions: [],
    hub: { events: [] },
    figures: () => {
      throw new Error('The figures of a script come from no mirror');
    },
  };
  return {
    feature,
    get loads() {
      return loads;
    },
    async load() {
      loads++;
      const data = { value, filler };
      await gate.promise;
      if (failure !== null) throw new SourceError(failure);
      return { data, unavailable: [], problems: [] };
    },
    show(next) {
      value = next;
      feed.change(name);
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
