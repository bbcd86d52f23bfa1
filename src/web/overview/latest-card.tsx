import { Card, EmptyState } from '../design/parts.tsx';
import { useLive } from '../live/live.ts';
import { NotificationItem } from '../notifications/notification-item.tsx';
import { words } from '../words/words.ts';

const MOST_SHOWN = 3;

/** The latest notifications. */
export function LatestCard() {
  const { notifications } = useLive();
  const { latest, none } = words.value.notifications;
  const shown = notifications.value.slice(0, MOST_SHOWN);
  return (
    <Card title={latest} class="latest-card">
      {shown.length === 0 ? (
        <EmptyState icon="bell">{none}</EmptyState>
      ) : (
        <ol class="latest-list">
          {shown.map((notification) => (
            <li key={notification.id}>
              <NotificationItem notification={notification} />
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
