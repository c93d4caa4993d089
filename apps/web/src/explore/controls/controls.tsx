/** The network's controls: which configuration, its shape and how it is drawn, and what all of them share. */
import { exploreConfigurationText } from '@kindling/studies';
import { useState } from 'preact/hooks';
import type { ExploreState } from '../explore-state.js';
import { seriesLetters } from '../series.js';
import { ConfigurationTabs } from './configuration-tabs.js';
import { ExperimentControls } from './experiment-controls.js';
import { NetworkControls } from './network-controls.js';

/** The column beside the panels; on a phone a line of text that opens, because the verdict is what one comes for. */
export function Controls({ state }: { readonly state: ExploreState }) {
  const index = state.selected.value;
  const configuration = state.question.value.configurations[index];
  const [open, setOpen] = useState(false);
  if (configuration === undefined) return null;
  const text = exploreConfigurationText(configuration);
  return (
    <form
      class={`card controls ${open ? 'open' : 'closed'}`}
      aria-label="The network"
      onSubmit={(event) => event.preventDefault()}
    >
      <ConfigurationTabs state={state} />
      <button
        type="button"
        class="controls-toggle"
        aria-expanded={open}
        aria-controls="controls-body"
        onClick={() => setOpen(!open)}
      >
        <code>{text.length > 60 ? `${text.slice(0, 58)}…` : text}</code>
        <span>{open ? 'Close' : 'Change'}</span>
      </button>
      <div id="controls-body" class="controls-body">
        <NetworkControls
          key={seriesLetters[index]}
          configuration={configuration}
          onChange={(changed) => state.changeConfiguration(index, changed)}
        />
        <ExperimentControls state={state} />
      </div>
    </form>
  );
}
