import { masked } from '../app/preferences.ts';
import { Button } from '../design/parts.tsx';
import { words } from '../words/words.ts';

/** Masks names and e-mail addresses on the whole page; it stands beside the tables that hold them. */
export function MaskButton() {
  const on = masked.value === 'yes';
  return (
    <Button
      icon={on ? 'eyeOff' : 'eye'}
      label={words.value.mask}
      pressed={on}
      onPress={() => {
        masked.value = on ? 'no' : 'yes';
      }}
    />
  );
}
