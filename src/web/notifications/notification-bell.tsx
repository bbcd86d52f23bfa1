import { Button } from '../design/parts.tsx';
import { words } from '../words/words.ts';

export function NotificationBell() {
  return <Button icon="bell" iconOnly label={words.value.notifications.open} />;
}
