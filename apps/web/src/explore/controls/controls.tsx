/** The network's controls: which configuration, its shape and how it is drawn, and what all of them share. */
import type { ExploreState } from '../explore-state.js';
import { seriesLetters } from '../series.js';
import { ConfigurationTabs } from './configuration-tabs.js';
import { ExperimentControls } from './experiment-controls.js';
import { NetworkControls } from './network-controls.js';

/** The column beside the panels. */
export function Controls({ state }: { readonly state: ExploreState }) {
  const index = state.selected.value;
  const configuration = state.question.value.configurations[index];
  return (
    <form class="card controls" aria-label="The network" onSubmit={(event) => event.preventDefault()}>
      <ConfigurationTabs state={state} />
      {configuration !== undefined && (
        <NetworkControls
          key={seriesLetters[index]}
          configuration={configuration}
          onChange={(changed) => state.changeConfiguration(index, changed)}
        />
      )}
      <ExperimentControls state={state} />
    </form>
  );
}
