/** Which neurons are dead on the data, layer by layer, and how likely a net is born dead. */
import { countOf, countText, durationText, type ExploreNeuronsResult } from '@kindling/studies';
import { useMemo, useState } from 'preact/hooks';
import type { PanelProps } from '../../panels.js';
import { bornDeadText, countLayer, countNet, describeMap, layerText, neuronStates } from './neuron-counts.js';
import { NeuronMap } from './neuron-map.js';
import { createNeuronMaps } from './neuron-maps.js';

/** The panel. */
export function NeuronsPanel({ state, jobs }: PanelProps) {
  const neurons = useMemo(() => createNeuronMaps(state, jobs), [state, jobs]);
  const [chosen, setChosen] = useState(0);
  const [layer, setLayer] = useState<number | null>(null);
  const maps = neurons.maps.value;
  const waiting = neurons.waiting.value;
  const question = state.question.value;
  const theory = jobs.findings.value[state.selected.value]?.theory ?? null;
  const born = bornDeadText(theory?.bornDead ?? null);
  const map = maps?.[Math.min(chosen, maps.length - 1)] ?? null;
  const read = layer === null ? undefined : map?.layers[layer];
  return (
    <>
      <Tiles map={map} born={born} />
      {map !== null && (
        <NeuronMap map={map} description={describeMap(map)} layer={layer} onLayer={setLayer} />
      )}
      {map === null && <div class="neuron-map empty" />}
      <p class="reading">
        {read === undefined
          ? 'Point at a layer, or use the arrow keys in the map, to count its neurons.'
          : `${layerText(read)}.`}
      </p>
      <Key />
      {maps !== null && maps.length > 1 && (
        <p class="measured">
          <label>
            Net{' '}
            <input
              type="number"
              min={1}
              max={maps.length}
              value={Math.min(chosen, maps.length - 1) + 1}
              onInput={({ currentTarget }) => {
                const net = Math.trunc(currentTarget.valueAsNumber);
                if (net >= 1 && net <= maps.length) setChosen(net - 1);
              }}
            />
          </label>{' '}
          of {countText(maps.length)}
        </p>
      )}
      <p class="measured" role="status">
        {statusText({ map, waiting, failure: neurons.failure.value, maps: question.maps })}{' '}
        {waiting !== null && (
          <button type="button" onClick={neurons.measure}>
            Map it
          </button>
        )}
      </p>
      {map !== null && <Table map={map} />}
    </>
  );
}

function Tiles({ map, born }: { readonly map: ExploreNeuronsResult | null; readonly born: string | null }) {
  const counts = map === null ? null : countNet(map);
  const total = counts === null ? 0 : counts[0] + counts[1] + counts[2];
  return (
    <dl class="tiles">
      {neuronStates.map((name, state) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {counts === null ? '–' : countText(counts[state] ?? 0)}{' '}
            <small>{total === 0 ? '' : `of ${countText(total)}`}</small>
          </dd>
        </div>
      ))}
      <div>
        <dt>born dead</dt>
        <dd>
          {born ?? '–'} <small>{born === null ? 'no bound is known' : 'of such nets, by theory'}</small>
        </dd>
      </div>
    </dl>
  );
}

function statusText(known: {
  readonly map: ExploreNeuronsResult | null;
  readonly waiting: number | null;
  readonly failure: string | null;
  readonly maps: number;
}): string {
  const { map, waiting, failure, maps } = known;
  if (failure !== null) return failure;
  if (maps === 0) return 'No map is asked for.';
  if (waiting !== null) return `Mapping a net of this size takes about ${durationText(waiting)}.`;
  if (map === null) return 'A net is on its way through the data.';
  return map.bornDeadLayer === null
    ? 'This net is alive: its output depends on its input.'
    : `This net is born dead: layer ${map.bornDeadLayer} is zero for every input it was shown, and no step will change that.`;
}

function Key() {
  const meanings = [
    'above 0 for some input',
    '0 for all of them, but what is in front can still move it',
    '0 for all of them, and no gradient reaches it or its inputs',
  ];
  return (
    <ul class="legend">
      {neuronStates.map((name, state) => (
        <li key={name}>
          <span class={`neuron-key state-${state}`} />
          {name}: {meanings[state]}
        </li>
      ))}
    </ul>
  );
}

function Table({ map }: { readonly map: ExploreNeuronsResult }) {
  return (
    <details class="table">
      <summary>The counts: {countOf(map.layers.length, 'layer')}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls with the arrow keys, and needs the focus for it */}
      <section class="scroll" aria-label="Neurons by layer" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Layer</th>
              {neuronStates.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {map.layers.map((each, index) => (
              <tr key={String(index)}>
                <th scope="row">{each.layer}</th>
                {countLayer(each).map((count, state) => (
                  <td key={neuronStates[state]}>{countText(count)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
