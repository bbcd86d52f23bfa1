import { canonicalTimeZone } from '../core/figures/zone.ts';
import type { Reading } from './databases.ts';
import { READERS, type Variable } from './readers.ts';

const { wholeNumber, oneOf } = READERS;

/** An IANA name in any letter case; means the name as the time zone database spells it. */
function timeZone(options: Omit<Variable<string>, 'type' | 'read'>): Variable<string> {
  return {
    ...options,
    type: 'IANA time zone',
    read(value) {
      try {
        return canonicalTimeZone(value);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return { problem: 'which is not a time zone; an IANA name is, such as America/Sao_Paulo' };
      }
    },
  };
}

/** Every variable that says how the mirror keeps rows and how figures count days. */
export const MIRROR_VARIABLES = {
  BI_TIME_ZONE: timeZone({
    help: 'Time zone of calendar days and months in figures',
    fallback: 'America/Sao_Paulo',
  }),
  MIRROR: oneOf({
    help: 'Where the mirror of the databases is kept; on disk it is in STATE_DIR, and a restart reads only what changed',
    fallback: 'memory',
    values: ['memory', 'disk'],
  }),
  RECONCILE_INTERVAL: wholeNumber({
    help: 'Seconds between two comparisons of the whole mirror with the databases',
    fallback: 6 * 3_600,
    minimum: 60,
    maximum: 7 * 86_400,
  }),
};

export interface MirrorConfig {
  /** `disk`: in the folder for state. */
  readonly storage: 'memory' | 'disk';
  readonly reconcileIntervalMs: number;
}

const V = MIRROR_VARIABLES;

/** @param isLasting whether the data outlive a restart, so that a mirror on disk is worth something */
export function readMirror(
  { get }: Pick<Reading, 'get'>,
  { isLasting }: { readonly isLasting: boolean },
): MirrorConfig {
  const storage = get('MIRROR', V.MIRROR);
  return {
    storage: isLasting ? storage : 'memory',
    reconcileIntervalMs: get('RECONCILE_INTERVAL', V.RECONCILE_INTERVAL) * 1000,
  };
}
