import { range } from '../app/preferences.ts';
import { words } from '../words/words.ts';
import { RANGES } from './range.ts';

/** The period that headlines are compared over. */
export function RangeSwitch() {
  const { title, short, long } = words.value.range;
  return (
    <fieldset class="range-switch">
      <legend class="visually-hidden">{title}</legend>
      {RANGES.map((each) => (
        <label key={each} class="range-choice" title={long[each]}>
          <input
            type="radio"
            name="range"
            class="visually-hidden"
            value={each}
            checked={each === range.value}
            aria-label={long[each]}
            onChange={() => {
              range.value = each;
            }}
          />
          <span aria-hidden="true">{short[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}
