/** A map of neurons, drawn: a column a layer, a cell a neuron. Where there is no room for each, columns are shares. */
import type { ExploreNeuronsResult } from '@kindling/studies';
import { useEffect, useRef } from 'preact/hooks';
import { layerAfterKey } from '../../charts/layer-after-key.js';
import { useWidth } from '../../charts/use-width.js';
import { countLayer, layerText, type NeuronCounts } from './neuron-counts.js';

/** What is drawn. */
export interface NeuronMapProps {
  readonly map: ExploreNeuronsResult;
  readonly description: string;
  /** The layer that is read, from 0; null for none. */
  readonly layer: number | null;
  readonly onLayer: (layer: number | null) => void;
}

/** Room for the neurons of a layer of 100. */
const height = 210;
/** Pixels below which single neurons, or single layers, are no longer told apart. */
const leastCell = 2;
/** Colors of the states, as the page's tokens. */
const stateColors = ['--ember', '--cold', '--ink'] as const;

/** The drawing; arrow keys choose a layer to read. */
export function NeuronMap({ map, description, layer, onLayer }: NeuronMapProps) {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(holder, 880);
  const last = map.layers.length - 1;
  const read = map.layers[layer ?? last];

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const draw = () => drawMap(element, map, width);
    draw();
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    return () => scheme.removeEventListener('change', draw);
  }, [map, width]);

  const layerAt = (event: PointerEvent & { readonly currentTarget: HTMLElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.min(last, Math.max(0, Math.floor(share * (last + 1))));
  };

  return (
    <div
      ref={holder}
      class="neuron-map"
      role="slider"
      tabIndex={0}
      aria-label="Layer to read in the map"
      aria-valuemin={1}
      aria-valuemax={last + 1}
      aria-valuenow={(layer ?? last) + 1}
      aria-valuetext={read === undefined ? 'no layer' : layerText(read)}
      onKeyDown={(event) => {
        const next = layerAfterKey(event.key, layer ?? last, last);
        if (next === null) return;
        event.preventDefault();
        onLayer(next);
      }}
      onBlur={() => onLayer(null)}
      onPointerMove={(event) => onLayer(layerAt(event))}
      onPointerDown={(event) => onLayer(layerAt(event))}
      onPointerLeave={() => onLayer(null)}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={description}
        style={{ width: `${width}px`, height: `${height}px` }}
      />
      {layer !== null && (
        <span
          class="marker"
          style={{ left: `${(layer / (last + 1)) * 100}%`, width: `max(2px, ${100 / (last + 1)}%)` }}
        />
      )}
    </div>
  );
}

function drawMap(canvas: HTMLCanvasElement, { layers }: ExploreNeuronsResult, width: number): void {
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const colors = stateColors.map((name) => style.getPropertyValue(name).trim());
  const columns = Math.min(layers.length, Math.floor(width / leastCell));
  const fill = (state: number, x: number, y: number, columnWidth: number, cellHeight: number) => {
    context.fillStyle = colors[state] ?? 'gray';
    context.fillRect(x, y, columnWidth, cellHeight);
  };
  for (let column = 0; column < columns; column++) {
    const first = Math.floor((column * layers.length) / columns);
    const group = layers.slice(
      first,
      Math.max(first + 1, Math.floor(((column + 1) * layers.length) / columns)),
    );
    const left = (column / columns) * width;
    const gap = width / columns > 6 ? 1 : 0;
    const columnWidth = width / columns - gap;
    const [only] = group;
    const neurons = only?.states.length ?? 0;
    const cell = height / Math.max(1, neurons);
    if (group.length === 1 && only !== undefined && cell >= leastCell) {
      const line = cell > 5 ? 1 : 0;
      for (let neuron = 0; neuron < neurons; neuron++) {
        fill(Number(only.states[neuron] ?? '0'), left, neuron * cell, columnWidth, cell - line);
      }
      continue;
    }
    let top = 0;
    for (const [state, share] of sharesOf(group.map(countLayer)).entries()) {
      fill(state, left, top * height, columnWidth, share * height);
      top += share;
    }
  }
}

/** Shares of the states among the neurons of some layers. */
function sharesOf(counts: readonly NeuronCounts[]): readonly number[] {
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  return [0, 1, 2].map((state) => {
    const sum = counts.reduce((all, each) => all + (each[state] ?? 0), 0);
    return total === 0 ? 0 : sum / total;
  });
}
