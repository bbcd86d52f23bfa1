import { FEATURE_NAMES, type FeatureName } from '../../client/index.ts';
import { hrefOf } from '../app/routes.ts';
import { Icon, type IconName } from '../design/icon.tsx';
import { format } from '../format/formatting.ts';
import { now, serverNow } from '../format/ticking.ts';
import { isSettling } from '../live/feature-state.ts';
import { stateOf } from '../live/feature-status.tsx';
import { aboutFeature, type Live, useLive } from '../live/live.ts';
import { titleText, words } from '../words/words.ts';

interface AttentionItem {
  readonly feature: FeatureName;
  readonly kind: 'critical-claims' | 'source' | 'old-ticket' | 'chargebacks' | 'videos';
  readonly severity: 'critical' | 'warning';
  readonly text: string;
  readonly detail?: string;
}

const OLD_TICKET_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What needs attention now, the most severe first. */
function attentionItems(live: Live): readonly AttentionItem[] {
  const items = [
    ...criticalClaims(live),
    ...troubledFeatures(live),
    ...oldTicket(live),
    ...chargebacks(live),
    ...videos(live),
  ];
  return items.toSorted((left, right) => Number(left.severity === 'warning') - Number(right.severity === 'warning'));
}

function criticalClaims({ snapshots }: Live): AttentionItem[] {
  const data = snapshots.claims.value?.data;
  if (data === undefined || data.summary.CriticalClaims === 0) return [];
  const { attention } = words.value;
  const count = data.summary.CriticalClaims;
  const oldest = Math.max(...data.active.map(({ days_open }) => days_open));
  return [
    {
      feature: 'claims',
      kind: 'critical-claims',
      severity: 'critical',
      text: attention.criticalClaims(count, format.value.exact(count, 'count')),
      detail: attention.oldestClaim(format.value.exact(oldest, 'days')),
    },
  ];
}

function troubledFeatures(live: Live): AttentionItem[] {
  if (isSettling(live.connection.value, now.value)) return [];
  return FEATURE_NAMES.flatMap((feature) => {
    const state = stateOf(live, feature);
    if (state.kind !== 'stale' && state.kind !== 'no-source') return [];
    const about = aboutFeature(live, feature);
    const title = about === undefined ? feature : titleText(about.title);
    const age = format.value.duration(serverNow.value - state.since);
    const { noSourceFeature, staleFeature } = words.value.attention;
    const text = (state.kind === 'stale' ? staleFeature : noSourceFeature)(title, age);
    return [{ feature, kind: 'source' as const, severity: 'critical' as const, text }];
  });
}

function oldTicket({ snapshots }: Live): AttentionItem[] {
  const summary = snapshots.support.value?.data.summary;
  if (summary === undefined || (summary.OldestOpenDays ?? 0) < OLD_TICKET_DAYS) return [];
  const { attention } = words.value;
  const open = summary.OpenTickets + summary.InProgressTickets;
  return [
    {
      feature: 'support',
      kind: 'old-ticket',
      severity: 'warning',
      text: attention.oldTicket(format.value.duration((summary.OldestOpenDays ?? 0) * DAY_MS)),
      detail: attention.waitingTickets(open, format.value.exact(open, 'count')),
    },
  ];
}

function chargebacks({ snapshots }: Live): AttentionItem[] {
  const waiting = snapshots.financial.value?.data.chargebacks.AguardandoEvidencias ?? 0;
  if (waiting === 0) return [];
  const text = words.value.attention.chargebacks(waiting, format.value.exact(waiting, 'count'));
  return [{ feature: 'financial', kind: 'chargebacks', severity: 'warning', text }];
}

function videos({ snapshots }: Live): AttentionItem[] {
  const failed = snapshots.content.value?.data.summary.VideosError ?? 0;
  if (failed === 0) return [];
  const text = words.value.attention.videoErrors(failed, format.value.exact(failed, 'count'));
  return [{ feature: 'content', kind: 'videos', severity: 'warning', text }];
}

const ICON: Readonly<Record<AttentionItem['severity'], IconName>> = { critical: 'critical', warning: 'warning' };

/** What needs attention, in one line whose space is always reserved. */
export function Attention() {
  const live = useLive();
  const items = attentionItems(live);
  const waiting = FEATURE_NAMES.some((feature) => {
    const { kind } = stateOf(live, feature);
    return kind === 'waiting' || (kind === 'stale' && isSettling(live.connection.value, now.value));
  });
  const { title, none } = words.value.attention;
  return (
    <section class="attention" aria-label={title}>
      {items.length === 0 ? (
        <p class="attention-none">
          {!waiting && <Icon name="good" />}
          {waiting ? words.value.waitingForFigures : none}
        </p>
      ) : (
        <ul class="attention-list">
          {items.map(({ feature, kind, severity, text, detail }) => (
            <li key={`${feature} ${kind}`}>
              <a class={`attention-item attention-${severity}`} href={hrefOf(feature)}>
                <Icon name={ICON[severity]} />
                <span class="attention-words">
                  <span class="attention-text">{text}</span>
                  {detail !== undefined && <span class="attention-detail">{detail}</span>}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
