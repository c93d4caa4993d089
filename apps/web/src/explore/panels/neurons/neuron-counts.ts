/** Neurons of a map, counted and in words. */
import type { ExploreNeuronLayer, ExploreNeuronsResult, ExploreTheory } from '@kindling/studies';
import { countOf, countText, percentText } from '@kindling/studies';

/** States of a neuron, by the digits of a map. */
export const neuronStates = ['active', 'tentatively dead', 'permanently dead'] as const;

/** How many neurons of a layer are in each state. */
export type NeuronCounts = readonly [active: number, tentative: number, permanent: number];

/** Counts a layer. */
export function countLayer({ states }: ExploreNeuronLayer): NeuronCounts {
  let [tentative, permanent] = [0, 0];
  for (const state of states) {
    if (state === '1') tentative += 1;
    if (state === '2') permanent += 1;
  }
  return [states.length - tentative - permanent, tentative, permanent];
}

/** Counts a whole net. */
export function countNet({ layers }: ExploreNeuronsResult): NeuronCounts {
  const all = layers.map(countLayer);
  const sum = (state: 0 | 1 | 2) => all.reduce((total, counts) => total + counts[state], 0);
  return [sum(0), sum(1), sum(2)];
}

/** `12 active, 3 tentatively dead, 1 permanently dead`; states that no neuron is in are left out. */
export function countsText(counts: NeuronCounts): string {
  const parts = neuronStates.flatMap((name, state) => {
    const count = counts[state] ?? 0;
    return count === 0 ? [] : [`${countText(count)} ${name}`];
  });
  return parts.length === 0 ? 'no neurons' : parts.join(', ');
}

/** `Layer 3: of 20 neurons, 12 active, 8 tentatively dead` */
export function layerText(layer: ExploreNeuronLayer): string {
  return `Layer ${layer.layer}: of ${countOf(layer.states.length, 'neuron')}, ${countsText(countLayer(layer))}`;
}

/** The map for who cannot see it. */
export function describeMap(map: ExploreNeuronsResult): string {
  const total = map.layers.reduce((sum, { states }) => sum + states.length, 0);
  const born =
    map.bornDeadLayer === null
      ? ''
      : ` The net is born dead: layer ${map.bornDeadLayer} is zero for every input.`;
  return `${countOf(map.layers.length, 'layer')} of neurons on the data: of ${countText(total)}, ${countsText(countNet(map))}.${born}`;
}

/** How likely such nets are born dead, by theory; null where nothing is proved. */
export function bornDeadText(bounds: ExploreTheory['bornDead']): string | null {
  if (bounds === null || (bounds.lower === null && bounds.upper >= 1)) return null;
  const { lower, upper } = bounds;
  if (lower !== null && shareText(lower) === shareText(upper)) return shareText(upper);
  if (lower === null || lower === 0)
    return upper < leastShare ? shareText(upper) : `at most ${shareText(upper)}`;
  return `${shareText(lower)} to ${shareText(upper)}`;
}

/** Smaller shares than a tenth of a percent are not told apart. */
const leastShare = 1e-3;

function shareText(share: number): string {
  if (share === 0) return '0 %';
  if (share < leastShare) return 'under 0.1 %';
  if (share < 1 && share > 1 - leastShare) return 'over 99.9 %';
  return percentText(Math.round(share * 1000) / 1000);
}
