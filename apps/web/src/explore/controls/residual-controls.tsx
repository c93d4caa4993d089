/** What residual nets have beside depth and width: the kind of their modules, and the rule of their scales η. */
import type { ExploreResidual } from '@kindling/studies';
import { TextField } from './text-field.js';

const rules = ['1', '1/sqrt(L)', '1/L', '0.9^l', '0.75^l', '0.5^l', 'rezero'] as const;

/** The two controls. */
export function ResidualControls(props: {
  readonly network: ExploreResidual;
  readonly onChange: (network: ExploreResidual) => string | null;
}) {
  const { network, onChange } = props;
  return (
    <>
      <div class="field">
        <label for="module">Each module ends in</label>
        <select
          id="module"
          value={network.module}
          onChange={(event) => {
            onChange({ ...network, module: event.currentTarget.value === 'linear' ? 'linear' : 'relu' });
          }}
        >
          <option value="relu">a ReLU</option>
          <option value="linear">a linear layer</option>
        </select>
      </div>
      <TextField
        label="Residual scale η"
        value={network.scale}
        hint="1, 1/L, 1/sqrt(L), 0.9^l, rezero"
        onText={(scale) => onChange({ ...network, scale: scale.trim() })}
      />
      <fieldset class="chips">
        <legend class="unseen">Usual residual scales</legend>
        {rules.map((rule) => (
          <button
            key={rule}
            type="button"
            class="chip"
            aria-pressed={network.scale === rule}
            onClick={() => onChange({ ...network, scale: rule })}
          >
            {rule}
          </button>
        ))}
      </fieldset>
    </>
  );
}
