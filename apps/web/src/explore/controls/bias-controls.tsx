/** Biases: the initializer's own, one value, or drawn from a normal law. */
import { type ExploreBiases, type ExploreConfiguration, exploreConfigurationText } from '@kindling/studies';
import type { ChangeConfiguration } from './network-controls.js';
import { TextField } from './text-field.js';

/** The choice and its number. */
export function BiasControls(props: {
  readonly configuration: ExploreConfiguration;
  readonly onChange: ChangeConfiguration;
}) {
  const { configuration, onChange } = props;
  const { biases } = configuration;
  const bare = exploreConfigurationText({ ...configuration, biases: null });
  const choices: Readonly<Record<string, ExploreBiases | null>> = {
    own: null,
    constant: { kind: 'constant', value: 0 },
    normal: { kind: 'normal', variance: 0.01 },
  };
  return (
    <>
      <div class="field">
        <label for="biases">Biases</label>
        <select
          id="biases"
          value={biases?.kind ?? 'own'}
          onChange={(event) => {
            onChange({ ...configuration, biases: choices[event.currentTarget.value] ?? null });
          }}
        >
          <option value="own">as the initializer has them</option>
          <option value="constant">all the same</option>
          <option value="normal">normal</option>
        </select>
      </div>
      {biases?.kind === 'constant' && (
        <TextField
          label="Value of all biases"
          value={String(biases.value)}
          inputMode="decimal"
          onText={(typed) => onChange(`${bare} bias=${typed.trim()}`)}
        />
      )}
      {biases?.kind === 'normal' && (
        <TextField
          label="Variance of the biases"
          value={String(biases.variance)}
          inputMode="decimal"
          onText={(typed) => onChange(`${bare} bias-variance=${typed.trim()}`)}
        />
      )}
    </>
  );
}
