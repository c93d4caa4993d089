/** Which initializations to run: a checkbox each, and three ways to choose many at once. */
import { initializerTitle } from '@kindling/initializers';
import { type Figure1InitializerName, figure1InitializerNames, figure1Initializers } from '@kindling/studies';

/** What the choice shows. */
export interface InitializerChoiceProps {
  readonly chosen: readonly string[];
  readonly problem: string | null;
  readonly disabled: boolean;
  readonly onChoose: (names: readonly Figure1InitializerName[]) => void;
}

const presets: readonly { readonly title: string; readonly names: readonly Figure1InitializerName[] }[] = [
  { title: 'The paper’s eight', names: figure1Initializers },
  { title: 'All nine', names: figure1InitializerNames },
  {
    title: 'One of each fate',
    names: ['he-normal', 'he-truncated-normal-uncorrected', 'he-normal-2x', 'lecun-normal'],
  },
];

/** The checkboxes, in the order of the study, which is also the order of the figures. */
export function InitializerChoice({ chosen, problem, disabled, onChoose }: InitializerChoiceProps) {
  const toggle = (name: Figure1InitializerName, on: boolean) =>
    onChoose(figure1InitializerNames.filter((other) => (other === name ? on : chosen.includes(other))));
  return (
    <fieldset class="initializers" disabled={disabled} aria-describedby="inits-note">
      <legend>Initializations</legend>
      <div class="presets">
        {presets.map(({ title, names }) => (
          <button
            key={title}
            type="button"
            class="chip"
            aria-pressed={names.join() === chosen.join()}
            onClick={() => onChoose(names)}
          >
            {title}
          </button>
        ))}
      </div>
      <div class="boxes">
        {figure1InitializerNames.map((name) => (
          <label key={name} class="box">
            <input
              type="checkbox"
              name="inits"
              value={name}
              checked={chosen.includes(name)}
              onChange={(event) => toggle(name, event.currentTarget.checked)}
            />
            <span>{initializerTitle(name)}</span>
          </label>
        ))}
      </div>
      <p id="inits-note" class={problem === null ? 'nothing' : 'problem'}>
        {problem}
      </p>
    </fieldset>
  );
}
