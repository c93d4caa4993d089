/** Which initializations to run: a checkbox each, and three ways to choose many at once. */
import {
  figure1Initializers,
  type InitializerName,
  initializerNames,
  initializerTitle,
} from '@kindling/initializers';

/** What the choice shows. */
export interface InitializerChoiceProps {
  readonly chosen: readonly string[];
  readonly problem: string | null;
  readonly disabled: boolean;
  readonly onChoose: (names: readonly InitializerName[]) => void;
}

const presets: readonly { readonly title: string; readonly names: readonly InitializerName[] }[] = [
  { title: 'The paper’s eight', names: figure1Initializers },
  { title: 'All nine', names: initializerNames },
  {
    title: 'One of each fate',
    names: ['he-normal', 'he-truncated-normal-uncorrected', 'he-normal-2x', 'lecun-normal'],
  },
];

/** The checkboxes, in the order of the catalog, which is also the order of the figures. */
export function InitializerChoice({ chosen, problem, disabled, onChoose }: InitializerChoiceProps) {
  const toggle = (name: InitializerName, on: boolean) =>
    onChoose(initializerNames.filter((other) => (other === name ? on : chosen.includes(other))));
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
        {initializerNames.map((name) => (
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
