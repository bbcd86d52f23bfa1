import { useEffect } from 'preact/hooks';
import type { Notification } from '../../client/index.ts';
import { Button } from '../design/parts.tsx';
import { notificationKey, useLive } from '../live/live.ts';
import { words } from '../words/words.ts';
import { NotificationItem } from './notification-item.tsx';
import { markRead } from './read-marks.ts';

const MOST_SHOWN = 3;
const SHOWN_MS = 12_000;

/** New notifications in a corner. Each disappears after a while and stays in the drawer. */
export function Toasts() {
  const { arrivals, dismiss } = useLive();
  const shown = arrivals.value.slice(-MOST_SHOWN);
  return (
    <div class="toasts" role="log" aria-label={words.value.notifications.title}>
      {shown.map((notification) => (
        <Toast key={notificationKey(notification)} notification={notification} onGone={() => dismiss(notification)} />
      ))}
    </div>
  );
}

function Toast({ notification, onGone }: { notification: Notification; onGone: () => void }) {
  useEffect(() => {
    const timer = setTimeout(onGone, SHOWN_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="toast">
      <NotificationItem notification={notification} />
      <Button
        icon="close"
        iconOnly
        label={words.value.notifications.dismiss}
        onPress={() => {
          markRead([notification]);
          onGone();
        }}
      />
    </div>
  );
}
