/** The guided starts: a row of buttons, and what the chosen one shows. */
import type { ExploreState } from './explore-state.js';
import { presets } from './presets.js';

/** The row and its text. */
export function Guide({ state }: { readonly state: ExploreState }) {
  const chosen = state.preset.value;
  return (
    <section class="guide" aria-label="Guided starts">
      <div class="starts">
        {presets.map((preset) => {
          const [short, rest] = preset.title;
          return (
            <button
              key={preset.name}
              type="button"
              class="start"
              aria-pressed={chosen?.name === preset.name}
              onClick={() => state.openPreset(preset)}
            >
              {short} <small>{rest}</small>
            </button>
          );
        })}
      </div>
      {chosen !== null && (
        <p class="guide-text">
          {chosen.explanation} <span class="theorem">{withIndices(chosen.theorem)}.</span>
        </p>
      )}
    </section>
  );
}

/** Text in which `n_j` is an n with the index j. */
function withIndices(text: string) {
  return text
    .split(/(_\w)/)
    .map((part, i) => (i % 2 === 1 ? <sub key={String(i)}>{part.slice(1)}</sub> : part));
}
