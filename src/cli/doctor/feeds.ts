import { filter, firstValueFrom, race, timer } from 'rxjs';
import type { Config } from '../../config/config.ts';
import { createFeed } from '../../core/feeds/feed.ts';
import type { FeedSource } from '../../core/feeds/feed-source.ts';
import type { FeedStatus } from '../../core/feeds/feed-status.ts';
import type { Mirror } from '../../core/mirror/mirror.ts';
import type { Problem } from '../../core/mirror/problem.ts';
import { systemClock } from '../../core/runtime/clock.ts';
import type { Feature } from '../../core/runtime/define-feature.ts';
import { mirroredIn } from '../../open-feeds.ts';
import { describeMissing } from './describe-missing.ts';
import { broken, type Finding, ok, warning } from './finding.ts';

export interface CheckOptions {
  readonly features: readonly Feature[];
  readonly mirror: Mirror;
  /** Limit for the first load, ms. */
  readonly withinMs: number;
  /** Named in advice. */
  readonly databases: Config['databases'];
}

/** Loads a source as the server would, and reads each feature from it. */
export async function checkFeed(source: FeedSource, options: CheckOptions): Promise<Finding[]> {
  const { features, mirror, withinMs } = options;
  const own = features.filter((feature) => feature.source === source.name);
  const feed = createFeed({
    source,
    mirror: mirror.writer(source.name, mirroredIn(source.name, features)),
    clock: systemClock,
    random: Math.random,
    onError: () => {},
  });
  const settled = firstValueFrom(
    race(
      feed.statusChanges.pipe(filter(({ failing, activity }) => failing !== null || activity === 'following')),
      timer(withinMs),
    ),
  );
  feed.start();
  await settled;
  const status = feed.status();
  const found =
    status.activity === 'following'
      ? await Promise.all(own.map((feature) => checkFeature(feature, options)))
      : own.map((feature) => unread(feature, status));
  await feed.stop();
  const problems = found.flatMap((each) => each.problems);
  return [describeMode(status), ...found.map(({ finding }) => finding), ...describeProblems(problems)];
}

function describeMode({ source, mode, reason, failing }: FeedStatus): Finding {
  const what = `changes of ${source}`;
  if (mode === null) {
    return broken(what, failing?.reason ?? 'could not be determined in time', 'see the lines of the database above');
  }
  return reason === null ? ok(what, mode) : warning(what, mode, reason);
}

interface FeatureCheck {
  readonly finding: Finding;
  readonly problems: readonly Problem[];
}

async function checkFeature(feature: Feature, { mirror, databases }: CheckOptions): Promise<FeatureCheck> {
  const what = `feature ${feature.name}`;
  const began = performance.now();
  try {
    const loaded = await mirror.figures(feature, Date.now(), null);
    const { unavailable = [], problems = [] } = loaded?.content() ?? {};
    const took = `computed in ${Math.round(performance.now() - began)} ms`;
    if (unavailable.length === 0) return { finding: ok(what, took), problems };
    const missing = unavailable.map(({ figure, column }) => `${figure} is null without ${column}`);
    const advice = 'add the optional columns, or grant select on them, or leave it: the other figures are not affected';
    return { finding: warning(what, `${took}; ${missing.join(', ')}`, advice), problems };
  } catch (error) {
    return { finding: describeMissing(what, error, feature.source, databases), problems: [] };
  }
}

/** The source could not be loaded. */
function unread({ name }: Feature, { failing }: FeedStatus): FeatureCheck {
  const reason = failing?.reason ?? 'its tables could not be read in time';
  return { finding: broken(`feature ${name}`, reason, 'see the lines of the database above'), problems: [] };
}

/** Each problem once, even if several features read the column. */
function describeProblems(problems: readonly Problem[]): Finding[] {
  const once = new Map(problems.map((problem) => [`${problem.kind} ${problem.table}.${problem.column}`, problem]));
  return [...once.values()].flatMap(({ kind, table, column, rows, example }) => {
    if (kind === 'missing-column') return [];
    const which = example === null ? '' : `, such as the one with key ${example}`;
    const where = `data ${table}.${column}`;
    return kind === 'duplicate-key'
      ? [
          warning(
            where,
            `${rows === 1 ? '1 row has' : `${rows} rows have`} a key that another row has${which}`,
            'only the first of each key counts: give the column a unique index',
          ),
        ]
      : [
          warning(
            where,
            `${rows === 1 ? '1 row holds' : `${rows} rows hold`} a value that the column does not allow${which}`,
            'it counts as missing: correct it at the source',
          ),
        ];
  });
}
