/** The law of the weights: a name of the catalog, a library's default, or an expression. */
import { findInitializer, initializerNames, initializerTitle } from '@kindling/initializers';
import type { ExploreConfiguration } from '@kindling/studies';
import { useState } from 'preact/hooks';
import type { ChangeConfiguration } from './network-controls.js';
import { TextField } from './text-field.js';

/** Made once: a list that is the same element is not looked at again. */
const options = (
  <>
    {groupNames().map(({ title, names }) => (
      <optgroup key={title} label={title}>
        {names.map((name) => (
          <option key={name} value={name}>
            {initializerTitle(name)}
          </option>
        ))}
      </optgroup>
    ))}
  </>
);
/** The choice that opens the field for expressions. */
const other = '…';

/** The choice. An initializer that does not go with the network is refused, with the reason. */
export function InitializerChoice(props: {
  readonly configuration: ExploreConfiguration;
  readonly onChange: ChangeConfiguration;
}) {
  const { configuration, onChange } = props;
  const { initializer } = configuration;
  const [refusal, setRefusal] = useState<string | null>(null);
  const [typing, setTyping] = useState(false);
  const known = (initializerNames as readonly string[]).includes(initializer);
  const free = typing || !known;
  return (
    <>
      <div class="field">
        <label for="initializer">Weights drawn from</label>
        <select
          id="initializer"
          value={free ? other : initializer}
          aria-invalid={refusal !== null}
          aria-describedby="initializer-note"
          onChange={(event) => {
            const name = event.currentTarget.value;
            setTyping(name === other);
            if (name === other) return;
            const refused = onChange({ ...configuration, initializer: name });
            setRefusal(refused);
            if (refused !== null) event.currentTarget.value = initializer;
          }}
        >
          {options}
          <option value={other}>An expression…</option>
        </select>
        {refusal !== null && (
          <p id="initializer-note" class="problem" role="alert">
            {refusal}
          </p>
        )}
      </div>
      {free && (
        <TextField
          label="Expression"
          value={initializer}
          hint="normal:variance=0.01, he-normal:slope=0.2, variance-scaling:scale=1.5"
          onText={(typed) => onChange({ ...configuration, initializer: typed.trim() })}
        />
      )}
    </>
  );
}

/** What libraries do by default stands apart from laws by name. */
function groupNames() {
  const presets = initializerNames.filter((name) => 'preset' in findInitializer(name) || name.includes(':'));
  const laws = initializerNames.filter((name) => !presets.includes(name));
  return [
    { title: 'By name', names: laws },
    { title: 'What your library does today', names: presets },
  ];
}
