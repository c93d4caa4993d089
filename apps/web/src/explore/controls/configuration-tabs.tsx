/** Which configuration is looked at, and one more or less of them. */
import type { ExploreState } from '../explore-state.js';
import { seriesLetters } from '../series.js';
import { companionOf } from './reshape.js';

/** Most configurations beside each other; the study's own limit. */
const most = 4;

/** The letters, and what adds and removes. */
export function ConfigurationTabs({ state }: { readonly state: ExploreState }) {
  const { configurations } = state.question.value;
  const selected = state.selected.value;
  const current = configurations[selected];
  return (
    <div class="tabs">
      <fieldset class="letters">
        <legend class="unseen">Configuration</legend>
        {configurations.map((_, index) => {
          const letter = seriesLetters[index] ?? '';
          return (
            <label key={letter} class={`letter series-${letter}`}>
              <input
                type="radio"
                name="configuration"
                checked={index === selected}
                onChange={() => state.select(index)}
              />
              <span>
                <span class="unseen">Configuration </span>
                <b>{letter.toUpperCase()}</b>
              </span>
            </label>
          );
        })}
      </fieldset>
      <button
        type="button"
        class="plain"
        disabled={configurations.length >= most || current === undefined}
        onClick={() => current !== undefined && state.addConfiguration(companionOf(current, configurations))}
      >
        + Compare
      </button>
      {configurations.length > 1 && (
        <button type="button" class="plain" onClick={() => state.removeConfiguration(selected)}>
          Remove {(seriesLetters[selected] ?? '').toUpperCase()}
        </button>
      )}
    </div>
  );
}
