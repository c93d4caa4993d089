/** How trainings go: the fields that decide them, for every configuration at once. */
import { exploreDefaultRate, exploreLimits, optimizerNames } from '@kindling/studies';
import { TextField } from '../../controls/text-field.js';
import { wholeNumber } from '../../controls/whole-number.js';
import type { ExploreState } from '../../explore-state.js';

/** The fields. */
export function TrainingSettings({ state }: { readonly state: ExploreState }) {
  const { data, epochs, optimizer, rate, batch } = state.question.value;
  return (
    <details class="training-settings">
      <summary>
        {epochs} epochs of {optimizer === 'sgd' ? 'plain SGD' : optimizer}, rate {rate}, batches of {batch}
      </summary>
      <div class="fields">
        <TextField
          label="Epochs"
          value={String(epochs)}
          inputMode="numeric"
          onText={wholeNumber(exploreLimits.epochs, (value) =>
            state.change({ epochs: value, look: [...new Set([0, 1, value])] }),
          )}
        />
        <div class="field">
          <label for="optimizer">Optimizer</label>
          <select
            id="optimizer"
            value={optimizer}
            onChange={(event) => {
              const chosen = optimizerNames.find((name) => name === event.currentTarget.value);
              if (chosen !== undefined) {
                state.change({ optimizer: chosen, rate: exploreDefaultRate(data, chosen) });
              }
            }}
          >
            {optimizerNames.map((name) => (
              <option key={name} value={name}>
                {name === 'sgd' ? 'plain SGD' : name}
              </option>
            ))}
          </select>
        </div>
        <TextField
          label="Rate"
          value={String(rate)}
          inputMode="decimal"
          onText={(text) => {
            const value = /^\s*\d*\.?\d+(e-?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN;
            return value > 0 && Number.isFinite(value)
              ? state.change({ rate: value })
              : `expected a number above 0, such as 0.01, got “${text.trim().slice(0, 24)}”`;
          }}
        />
        <TextField
          label="Batch"
          value={String(batch)}
          inputMode="numeric"
          onText={wholeNumber(exploreLimits.batchSize, (value) => state.change({ batch: value }))}
        />
      </div>
    </details>
  );
}
