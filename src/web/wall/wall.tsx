import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { FEATURE_NAMES } from '../../client/index.ts';
import { LostConnection } from '../app/page-bar.tsx';
import type { Route } from '../app/routes.ts';
import { Icon } from '../design/icon.tsx';
import { format } from '../format/formatting.ts';
import { now, serverNow } from '../format/ticking.ts';
import { FeatureStatusLine, stateOf } from '../live/feature-status.tsx';
import { type Live, useLive } from '../live/live.ts';
import { featureTitle, routeTitle } from '../live/titles.ts';
import { Toasts } from '../notifications/toasts.tsx';
import { words } from '../words/words.ts';
import { burnInShift, turnAt, type WallSettings } from './wall-settings.ts';
import { WallView } from './wall-view.tsx';

/** The page for a wall screen: one large view at a time, in rotation. */
export function Wall({ settings }: { settings: WallSettings }) {
  useLayoutEffect(() => {
    document.documentElement.classList.add('wall-mode');
    return () => document.documentElement.classList.remove('wall-mode');
  }, []);
  const lost = useLive().lostSince.value;
  // Computed, so that the wall is drawn anew only when they change, not every second.
  const view = useComputed(() => turnAt(now.value, settings).view).value;
  const turn = useComputed(() => turnAt(now.value, settings).turn).value;
  const transform = useComputed(() => {
    const [x, y] = burnInShift(now.value);
    return `translate(${x}px, ${y}px)`;
  }).value;
  return (
    <div class={`wall ${lost === undefined ? '' : 'offline'}`}>
      <div class="wall-page" style={{ transform }}>
        <WallHead view={view} />
        <WallBand view={view} />
        <main class="wall-main" aria-labelledby="view-title">
          <WallView key={view} view={view} />
        </main>
      </div>
      {settings.views.length > 1 && <TurnBar key={turn} settings={settings} />}
      <Toasts />
    </div>
  );
}

function WallHead({ view }: { view: Route }) {
  const live = useLive();
  return (
    <header class="wall-head">
      <span class="rail-mark">
        <Icon name="brand" />
      </span>
      <h1 id="view-title" class="wall-title">
        {routeTitle(live, view)}
      </h1>
      {view !== 'overview' && <FeatureStatusLine feature={view} />}
      <a class="wall-leave" href="/">
        {words.value.wallMode.leave}
      </a>
      <WallClock />
    </header>
  );
}

function WallClock() {
  return (
    <p class="wall-clock" role="timer" aria-live="off">
      {format.value.clockSeconds(serverNow.value)}
    </p>
  );
}

/** Says that the connection is lost, or that the view's figures are stale or have no source. */
function WallBand({ view }: { view: Route }) {
  const live = useLive();
  const lost = live.lostSince.value;
  if (lost !== undefined) {
    return (
      <p class="wall-band">
        <Icon name="warning" />
        <LostConnection since={lost} />
      </p>
    );
  }
  if (view === 'overview') return <OverviewBand />;
  const state = stateOf(live, view);
  if (state.kind !== 'stale' && state.kind !== 'no-source') return null;
  const since = state.kind === 'stale' ? words.value.staleSince : words.value.noSourceSince;
  return <Band>{since(format.value.instant(new Date(state.since).toISOString()))}</Band>;
}

/** Says which features are stale or without a source, and since when. */
function OverviewBand() {
  const live = useLive();
  const text = useComputed(() => troubleText(live)).value;
  return text === '' ? null : <Band>{text}</Band>;
}

/** Names the features of the same state and minute together. */
function troubleText(live: Live): string {
  const troubled = FEATURE_NAMES.flatMap((name) => {
    const state = stateOf(live, name);
    if (state.kind !== 'stale' && state.kind !== 'no-source') return [];
    const clock = format.value.instant(new Date(state.since).toISOString());
    return [{ kind: state.kind, clock, title: featureTitle(live, name) }];
  });
  const { featuresWithoutSource, staleFeatures } = words.value;
  return [...Map.groupBy(troubled, ({ kind, clock }) => `${kind} ${clock}`).values()]
    .flatMap((together) => {
      const [first] = together;
      if (first === undefined) return [];
      const titles = format.value.list(together.map(({ title }) => title));
      return [(first.kind === 'stale' ? staleFeatures : featuresWithoutSource)(titles, first.clock)];
    })
    .join(' · ');
}

function Band({ children }: { children: ComponentChildren }) {
  return (
    <p class="wall-band" role="status">
      <Icon name="warning" />
      <span>{children}</span>
    </p>
  );
}

/** How long it is until the next view. */
function TurnBar({ settings }: { settings: WallSettings }) {
  const { rotateMs } = settings;
  const { untilMs } = turnAt(Date.now(), settings);
  return (
    <div class="turn-bar" aria-hidden="true">
      <div
        class="turn-bar-time"
        // A negative delay starts in the middle of the turn.
        style={{ animationDuration: `${rotateMs}ms`, animationDelay: `${untilMs - rotateMs}ms` }}
      />
    </div>
  );
}
