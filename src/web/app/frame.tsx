import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { FEATURE_NAMES } from '../../client/index.ts';
import { Icon, type IconName } from '../design/icon.tsx';
import { Button, State, type Tone } from '../design/parts.tsx';
import { format } from '../format/formatting.ts';
import { serverNow } from '../format/ticking.ts';
import { RangeSwitch } from '../history/range-switch.tsx';
import type { FeatureState } from '../live/feature-state.ts';
import { FeatureStatusLine, stateOf } from '../live/feature-status.tsx';
import { useLive } from '../live/live.ts';
import { routeTitle } from '../live/titles.ts';
import { NotificationBell } from '../notifications/notification-bell.tsx';
import { words } from '../words/words.ts';
import { PageBar } from './page-bar.tsx';
import { language, masked, type Theme, theme } from './preferences.ts';
import { route } from './router.ts';
import { hrefOf, ROUTES } from './routes.ts';

/** The frame of every view: rail, top bar and page bar. */
export function Frame({ children }: { children: ComponentChildren }) {
  const live = useLive();
  const offline = live.lostSince.value !== undefined;
  return (
    <div class={`frame ${offline ? 'offline' : ''}`}>
      <a class="skip-link" href="#content">
        {words.value.skipToContent}
      </a>
      <Rail />
      <div class="frame-main">
        <TopBar />
        <PageBar />
        <main id="content" class="content" tabIndex={-1} aria-labelledby="view-title">
          {children}
        </main>
      </div>
    </div>
  );
}

function Rail() {
  const live = useLive();
  return (
    <nav class="rail" aria-label={words.value.navigation}>
      <a class="rail-brand" href="#/">
        <span class="rail-mark">
          <Icon name="brand" />
        </span>
        <span class="rail-word">{live.about.value?.name ?? 'Greg BI'}</span>
      </a>
      <ul class="rail-list">
        {ROUTES.map((name) => (
          <li key={name}>
            <RailLink href={hrefOf(name)} icon={name} title={routeTitle(live, name)} current={route.value === name} />
          </li>
        ))}
      </ul>
      <div class="rail-foot">
        <RailLink href="/?wall=1&rotate=20" icon="wall" title={words.value.wall} current={false} />
      </div>
    </nav>
  );
}

interface RailLinkProps {
  readonly href: string;
  readonly icon: IconName;
  readonly title: string;
  readonly current: boolean;
}

function RailLink({ href, icon, title, current }: RailLinkProps) {
  return (
    <a class="rail-link" href={href} title={title} aria-current={current ? 'page' : undefined}>
      <Icon name={icon} />
      <span class="rail-word">{title}</span>
    </a>
  );
}

function TopBar() {
  const live = useLive();
  const name = route.value;
  return (
    <header class="top-bar">
      <h1 id="view-title" class="top-bar-title" title={routeTitle(live, name)}>
        {routeTitle(live, name)}
      </h1>
      {name === 'overview' ? <OldestAge /> : <FeatureStatusLine feature={name} />}
      <RangeSwitch />
      <div class="top-bar-tools">
        <RefreshButton />
        <MaskSwitch />
        <LanguageSwitch />
        <ThemeSwitch />
        <NotificationBell />
      </div>
    </header>
  );
}

/** The age of the oldest snapshot of all features. */
function OldestAge() {
  const live = useLive();
  const instants = FEATURE_NAMES.flatMap((name) => {
    const snapshot = live.snapshots[name].value;
    return snapshot === undefined ? [] : [Date.parse(snapshot.at)];
  });
  const states = FEATURE_NAMES.map((name) => stateOf(live, name).kind);
  if (instants.length === 0 && states.includes('no-source')) return <State tone="bad">{words.value.noSource}</State>;
  if (instants.length === 0) return <State tone="plain">{words.value.connecting}</State>;
  const age = format.value.duration(serverNow.value - Math.min(...instants));
  const offline = live.lostSince.value !== undefined;
  const { tone, word } = overallState(offline, states);
  return (
    <span title={words.value.oldestAge(age)}>
      <State tone={tone}>
        {word} · {words.value.ago(age)}
      </State>
    </span>
  );
}

/** The worst state of all features. */
function overallState(offline: boolean, states: readonly FeatureState['kind'][]): { tone: Tone; word: string } {
  const { connecting, live, lost, noSource, stale } = words.value;
  if (offline) return { tone: 'plain', word: lost };
  if (states.includes('no-source')) return { tone: 'bad', word: noSource };
  if (states.includes('stale')) return { tone: 'care', word: stale };
  if (states.includes('waiting')) return { tone: 'plain', word: connecting };
  return { tone: 'good', word: live };
}

/** Refreshes the features in view. */
function RefreshButton() {
  const live = useLive();
  const [busy, setBusy] = useState(false);
  const inSight = route.value === 'overview' ? FEATURE_NAMES : [route.value];
  return (
    <Button
      icon="refresh"
      iconOnly
      label={busy ? words.value.refreshing : words.value.refresh}
      class={busy ? 'button-busy' : ''}
      disabled={busy}
      onPress={() => {
        setBusy(true);
        // A failure shows as stale.
        void Promise.allSettled(inSight.map((name) => live.client.forceUpdate(name))).then(() => setBusy(false));
      }}
    />
  );
}

function MaskSwitch() {
  const on = masked.value === 'yes';
  return (
    <Button
      icon={on ? 'eyeOff' : 'eye'}
      iconOnly
      label={words.value.mask}
      pressed={on}
      onPress={() => {
        masked.value = on ? 'no' : 'yes';
      }}
    />
  );
}

function LanguageSwitch() {
  return (
    <button
      type="button"
      class="button button-plain button-icon language-switch"
      lang={language.value === 'pt' ? 'en' : 'pt-BR'}
      aria-label={`${words.value.languageShort}. ${words.value.switchLanguage}`}
      title={words.value.switchLanguage}
      onClick={() => {
        language.value = language.value === 'pt' ? 'en' : 'pt';
      }}
    >
      {words.value.languageShort}
    </button>
  );
}

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

function ThemeSwitch() {
  const label = words.value.nextTheme(words.value.theme[theme.value]);
  return (
    <Button
      icon={theme.value}
      iconOnly
      label={label}
      onPress={() => {
        theme.value = NEXT_THEME[theme.value];
      }}
    />
  );
}
