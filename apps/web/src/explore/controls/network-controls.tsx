/** One configuration: kind, depth, width, the law of its weights and biases, and the line of text that says all of it. */
import {
  type ExploreConfiguration,
  type ExploreNetwork,
  exploreConfigurationText,
  exploreNetworkLimits,
} from '@kindling/studies';
import { BiasControls } from './bias-controls.js';
import { InitializerChoice } from './initializer-choice.js';
import { depthOf, networkKinds, widthOf, withDepth, withKind, withWidth } from './reshape.js';
import { ResidualControls } from './residual-controls.js';
import { SliderField } from './slider-field.js';
import { TextField } from './text-field.js';
import { wholeNumber } from './whole-number.js';

/** Takes a configuration, or the text of one. @returns why it cannot be, in words; null when it is done */
export type ChangeConfiguration = (configuration: ExploreConfiguration | string) => string | null;

const kindTitles: Readonly<Record<ExploreNetwork['kind'], string>> = {
  dense: 'Dense',
  residual: 'Residual',
  convolutional: 'Conv',
};

/** The controls of a configuration. */
export function NetworkControls(props: {
  readonly configuration: ExploreConfiguration;
  readonly onChange: ChangeConfiguration;
}) {
  const { configuration, onChange } = props;
  const { network } = configuration;
  const { depth: mostDepth, width: mostWidth } = exploreNetworkLimits;
  const change = (changed: ExploreNetwork) => onChange({ ...configuration, network: changed });
  const [depthTitle, widthTitle] =
    network.kind === 'residual'
      ? ['Modules', 'Width']
      : network.kind === 'dense'
        ? ['Depth', 'Width']
        : ['Convolutions', 'Channels'];
  const text = exploreConfigurationText(configuration);
  return (
    <>
      <fieldset class="segments">
        <legend class="unseen">Kind of network</legend>
        {networkKinds.map((kind) => (
          <label key={kind}>
            <input
              type="radio"
              name="kind"
              checked={network.kind === kind}
              onChange={() => change(withKind(network, kind))}
            />
            <span>{kindTitles[kind]}</span>
          </label>
        ))}
      </fieldset>
      <SliderField
        label={depthTitle}
        value={depthOf(network)}
        most={mostDepth}
        onNumber={wholeNumber(mostDepth, (depth) => change(withDepth(network, depth)))}
      />
      <SliderField
        label={widthTitle}
        value={widthOf(network)}
        most={mostWidth}
        hint={hasPattern(network) ? 'of the last layer: the widths differ' : undefined}
        onNumber={wholeNumber(mostWidth, (width) => change(withWidth(network, width)))}
      />
      {network.kind === 'residual' && <ResidualControls network={network} onChange={change} />}
      {network.kind === 'convolutional' && (
        <div class="field">
          <label for="padding">Padding</label>
          <select
            id="padding"
            value={network.padding}
            onChange={(event) => {
              const padding = (['zero', 'circular', 'valid'] as const).find(
                (name) => name === event.currentTarget.value,
              );
              if (padding !== undefined) change({ ...network, padding });
            }}
          >
            <option value="zero">zeros</option>
            <option value="circular">circular</option>
            <option value="valid">none (valid)</option>
          </select>
        </div>
      )}
      <InitializerChoice configuration={configuration} onChange={onChange} />
      <details class="more">
        <summary>Biases, scale, widths</summary>
        <BiasControls configuration={configuration} onChange={onChange} />
        <TextField
          label="Every weight times"
          value={String(configuration.weightFactor)}
          inputMode="decimal"
          hint="1.41 doubles the variance"
          onText={(typed) => onChange(withWord(configuration, 'times', typed))}
        />
        <TextField
          label="In a line of text"
          value={text}
          hint={
            network.kind === 'convolutional'
              ? 'channels/stride*repeats, kernel=5, padding=circular'
              : 'width*repeats, such as dense 30,10*5 he-normal'
          }
          onText={onChange}
        />
      </details>
    </>
  );
}

/** The text of a configuration with `key=value` in place of what it says of `key`; the study's own reader judges it. */
function withWord(configuration: ExploreConfiguration, key: 'times', value: string): string {
  return `${exploreConfigurationText({ ...configuration, weightFactor: 1 })} ${key}=${value.trim()}`;
}

function hasPattern(network: ExploreNetwork): boolean {
  if (network.kind === 'residual') return false;
  const widths = network.kind === 'dense' ? network.widths : network.layers.map(({ channels }) => channels);
  return widths.some((width) => width !== widths[0]);
}
