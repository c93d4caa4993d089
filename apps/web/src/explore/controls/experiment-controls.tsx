/** What all configurations share: data, seed, how many nets. */
import { exploreFunctionNames, exploreLimits } from '@kindling/studies';
import { targetFunctions } from '@kindling/trainer';
import { useState } from 'preact/hooks';
import type { ExploreState } from '../explore-state.js';
import { TextField } from './text-field.js';
import { wholeNumber } from './whole-number.js';

const imageTitles: Readonly<Record<string, string>> = { embedded: 'Fashion-MNIST, 2,000 images' };

/** The controls. */
export function ExperimentControls({ state }: { readonly state: ExploreState }) {
  const { data, seed, nets } = state.question.value;
  const [refusal, setRefusal] = useState<string | null>(null);
  return (
    <fieldset class="experiment">
      <legend>For every configuration</legend>
      <div class="field">
        <label for="data">Data</label>
        <select
          id="data"
          value={data}
          aria-invalid={refusal !== null}
          onChange={(event) => {
            const refused = state.changeData(event.currentTarget.value);
            setRefusal(refused);
            if (refused !== null) event.currentTarget.value = data;
          }}
        >
          <optgroup label="Images">
            {state.datasets.names().map((name) => (
              <option key={name} value={name}>
                {imageTitles[name] ?? name}
              </option>
            ))}
          </optgroup>
          <optgroup label="Functions">
            {exploreFunctionNames.map((name) => (
              <option key={name} value={name}>
                {targetFunctions.find((each) => each.name === name)?.formula ?? name}
              </option>
            ))}
          </optgroup>
        </select>
        {refusal !== null && (
          <p class="problem" role="alert">
            {refusal}
          </p>
        )}
      </div>
      <div class="pair">
        <TextField
          label="Random nets"
          value={String(nets)}
          inputMode="numeric"
          onText={wholeNumber(exploreLimits.nets, (value) => state.change({ nets: value }), 0)}
        />
        <TextField
          label="Seed"
          value={String(seed)}
          inputMode="numeric"
          hint="same seed, same bits"
          onText={wholeNumber(Number.MAX_SAFE_INTEGER, (value) => state.change({ seed: value }), 0)}
        />
      </div>
    </fieldset>
  );
}
