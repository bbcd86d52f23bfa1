import { useRef, useState } from 'preact/hooks';
import { Button, EmptyState } from '../design/parts.tsx';
import { format } from '../format/formatting.ts';
import { notificationKey, useLive } from '../live/live.ts';
import { words } from '../words/words.ts';
import { NotificationItem } from './notification-item.tsx';
import { isRead, markRead } from './read-marks.ts';

const MOST_COUNTED = 99;

/** The bell with the number of unread notifications, and its drawer. */
export function NotificationBell() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const { notifications } = useLive();
  const unread = notifications.value.filter((notification) => !isRead.value(notification)).length;
  const say = words.value.notifications;
  const label = unread === 0 ? say.open : `${say.open}, ${say.unread(unread, format.value.exact(unread, 'count'))}`;
  return (
    <>
      <Button
        icon="bell"
        iconOnly
        label={label}
        onPress={() => {
          dialog.current?.showModal();
          setIsOpen(true);
        }}
      >
        {unread > 0 && (
          <span class="bell-count" aria-hidden="true">
            {unread > MOST_COUNTED ? `${MOST_COUNTED}+` : unread}
          </span>
        )}
      </Button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself */}
      <dialog
        ref={dialog}
        class="drawer"
        aria-label={say.title}
        onClose={() => setIsOpen(false)}
        onClick={(event) => {
          // A click on the backdrop targets the dialog itself.
          if (event.target === event.currentTarget) event.currentTarget.close();
        }}
      >
        <Drawer isOpen={isOpen} onClose={() => dialog.current?.close()} />
      </dialog>
    </>
  );
}

/** The items show ages, which tick: they exist only while the drawer is open. */
function Drawer({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { notifications } = useLive();
  const say = words.value.notifications;
  const all = notifications.value;
  const someUnread = all.some((notification) => !isRead.value(notification));
  return (
    <div class="drawer-body">
      <div class="drawer-head">
        <h2 class="drawer-title">{say.title}</h2>
        <Button icon="readAll" label={say.markAllRead} disabled={!someUnread} onPress={() => markRead(all)} />
        <Button icon="close" iconOnly label={words.value.close} onPress={onClose} />
      </div>
      {all.length === 0 ? (
        <EmptyState icon="bell">{say.none}</EmptyState>
      ) : (
        <ol class="drawer-list">
          {(isOpen ? all : []).map((notification) => (
            <li key={notificationKey(notification)} class={isRead.value(notification) ? '' : 'unread'}>
              <NotificationItem notification={notification} />
              {!isRead.value(notification) && (
                <Button icon="good" iconOnly label={say.markRead} onPress={() => markRead([notification])} />
              )}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
