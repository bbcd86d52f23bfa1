import { Icon } from '../../design/icon.tsx';
import { Button } from '../../design/parts.tsx';
import type { Asked } from '../../live/asked.ts';
import { words } from '../../words/words.ts';

/** Says that an answer could not be had and why, with a button that asks again. */
export function AskedState({ asked }: { asked: Asked<unknown> }) {
  const { asking, failed, unreachable, refused, again } = words.value.asked;
  if (asked.state === 'asking') {
    return (
      <p class="visually-hidden" role="status">
        {asking}
      </p>
    );
  }
  if (asked.state !== 'refused' && asked.state !== 'unreachable') return null;
  return (
    <div class="asked-failed" role="status">
      <Icon name="warning" />
      <span>{failed(asked.state === 'refused' ? refused : unreachable)}</span>
      <Button label={again} onPress={asked.again} />
    </div>
  );
}
