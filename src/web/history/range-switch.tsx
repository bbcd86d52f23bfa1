import { range } from '../app/preferences.ts';
import { words } from '../words/words.ts';
import { RANGES } from './range.ts';

/** The period that headlines are compared over. */
export function RangeSwitch() {
  const { title, short, long } = words.value.range;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset asks for a form
    <div class="range-switch" role="group" aria-label={title}>
      {RANGES.map((each) => (
        <button
          key={each}
          type="button"
          class="range-choice"
          title={long[each]}
          aria-pressed={each === range.value}
          onClick={() => {
            range.value = each;
          }}
        >
          {short[each]}
        </button>
      ))}
    </div>
  );
}
