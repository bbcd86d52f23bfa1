import type { Notification } from '../../client/index.ts';
import { Icon, type IconName } from '../design/icon.tsx';
import { format } from '../format/formatting.ts';
import { serverNow } from '../format/ticking.ts';
import { type Live, useLive } from '../live/live.ts';
import { titleText, words } from '../words/words.ts';
import { notificationText } from './notification-text.ts';

const ICONS: Readonly<Record<Notification['severity'], IconName>> = {
  info: 'info',
  warning: 'warning',
  critical: 'critical',
};

/** A notification: severity as icon and word, title, details and age. */
export function NotificationItem({ notification }: { notification: Notification }) {
  const live = useLive();
  const { severity, at } = notification;
  const { title, detail } = notificationText(notification, {
    words: words.value,
    format: format.value,
    featureTitle: (name) => featureTitle(live, name),
  });
  return (
    <div class={`notification notification-${severity}`}>
      <Icon name={ICONS[severity]} />
      <div class="notification-text">
        <p class="notification-title">{title}</p>
        <p class="notification-detail">{detail}</p>
        <p class="notification-when">
          <span>{words.value.notifications.severity[severity]}</span>
          <time dateTime={at} title={format.value.instant(at)}>
            {words.value.ago(format.value.duration(serverNow.value - Date.parse(at)))}
          </time>
        </p>
      </div>
    </div>
  );
}

function featureTitle(live: Live, name: string): string {
  const about = live.about.value?.features.find((feature) => feature.name === name);
  return about === undefined ? name : titleText(about.title);
}
