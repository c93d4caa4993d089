/** Maps of neurons: counted, told, measured when the question rests, and the very records of the study. */
import { createEngine } from '@kindling/core';
import { type ExploreNeuronsResult, exploreCells, exploreTrials, openTrials } from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { createDatasets } from '../../src/explore/data/datasets.js';
import { createExploreState } from '../../src/explore/explore-state.js';
import { createExploreJobs } from '../../src/explore/jobs/explore-jobs.js';
import {
  bornDeadText,
  countLayer,
  countNet,
  countsText,
  describeMap,
  layerText,
} from '../../src/explore/panels/neurons/neuron-counts.js';
import { createNeuronMaps } from '../../src/explore/panels/neurons/neuron-maps.js';
import { inThreadWorker } from './in-thread-worker.js';

const timeout = 15_000;

function open(search: string) {
  const state = createExploreState({
    search,
    datasets: createDatasets(() => Promise.reject(new Error('the images are not here'))),
    isolated: false,
    onAddress: () => {},
  });
  const { spawn, count } = inThreadWorker();
  const jobs = createExploreJobs({ state, spawn, workers: 2 });
  return { state, jobs, count, neurons: createNeuronMaps(state, jobs) };
}

async function studied(search: string, index = 0): Promise<readonly ExploreNeuronsResult[]> {
  const spec = open(search).state.spec.value;
  if (spec === null) throw new Error('a function needs no images');
  const cell = exploreCells(spec).find((each) => each.part === 'neurons' && each.index === index);
  if (cell === undefined) throw new Error('no map is asked for');
  const run = openTrials(exploreTrials, spec, { engine: createEngine(), dataset: null });
  const found: ExploreNeuronsResult[] = [];
  for (let trial = 0; trial < cell.trials; trial++) {
    found.push((await run({ cell: cell.id, trial })).result as ExploreNeuronsResult);
  }
  return found;
}

describe('counts', () => {
  const map: ExploreNeuronsResult = {
    layers: [
      { layer: 1, states: '00102' },
      { layer: 3, states: '2' },
    ],
    bornDeadLayer: 3,
  };

  it('are those of the digits', () => {
    expect(map.layers.map(countLayer)).toEqual([
      [3, 1, 1],
      [0, 0, 1],
    ]);
    expect(countNet(map)).toEqual([3, 1, 2]);
    expect(countNet({ layers: [], bornDeadLayer: null })).toEqual([0, 0, 0]);
  });

  it('in words leave out what there is none of', () => {
    expect(countsText([1200, 0, 3])).toBe('1,200 active, 3 permanently dead');
    expect(countsText([0, 0, 0])).toBe('no neurons');
    expect(layerText({ layer: 3, states: '2' })).toBe('Layer 3: of 1 neuron, 1 permanently dead');
    expect(describeMap(map)).toBe(
      '2 layers of neurons on the data: of 6, 3 active, 1 tentatively dead, 2 permanently dead. The net is born dead: layer 3 is zero for every input.',
    );
  });

  it.each([
    [null, null],
    [{ lower: null, upper: 1 }, null],
    [{ lower: null, upper: 0.25 }, 'at most 25 %'],
    [{ lower: 0, upper: 0.25 }, 'at most 25 %'],
    [{ lower: 0, upper: 1e-9 }, 'under 0.1 %'],
    [{ lower: 0.25, upper: 0.25 }, '25 %'],
    [{ lower: 0.87, upper: 0.925 }, '87 % to 92.5 %'],
    [{ lower: 0.5, upper: 0.99999 }, '50 % to over 99.9 %'],
    [{ lower: 0, upper: 0 }, '0 %'],
    [{ lower: 1, upper: 1 }, '100 %'],
  ])('born dead %j is told as %s', (bounds, text) => {
    expect(bornDeadText(bounds)).toBe(text);
  });
});

describe('maps', () => {
  it.each([
    [
      'narrow layers, several nets',
      '?net=dense+2*9+he-normal&data=absolute&maps=5&nets=0&runs=0&verdict=0&seed=2',
    ],
    ['a width of one', '?net=dense+1*3+he-normal&data=absolute&maps=2&nets=0&runs=0&verdict=0'],
    [
      'modules without ReLU',
      '?net=residual+4*3+module=linear+he-normal&data=absolute&maps=2&nets=0&runs=0&verdict=0',
    ],
    ['modules that end in a ReLU', '?net=residual+4*3+he-normal&data=folded&maps=1&nets=0&runs=0&verdict=0'],
  ])('of %s are the study’s', async (_, search) => {
    const { neurons } = open(search);
    expect(neurons.maps.value).toBeNull();
    await expect.poll(() => neurons.maps.value, { timeout }).not.toBeNull();
    expect(neurons.maps.value).toEqual(await studied(search));
    expect([neurons.waiting.value, neurons.failure.value]).toEqual([null, null]);
  });

  it('of the configuration that is looked at; what was known is there at once', async () => {
    const search =
      '?net=dense+3*4+he-normal&net=dense+5*4+he-normal&data=absolute&maps=2&nets=0&runs=0&verdict=0';
    const { neurons, state } = open(search);
    await expect.poll(() => neurons.maps.value, { timeout }).not.toBeNull();
    const first = neurons.maps.value;
    state.select(1);
    expect(neurons.maps.value).toBeNull();
    await expect.poll(() => neurons.maps.value, { timeout }).not.toBeNull();
    expect(neurons.maps.value).toEqual(await studied(search, 1));
    state.select(0);
    expect(neurons.maps.value).toBe(first);
    // More nets are another cell.
    state.change({ maps: 3 });
    await expect.poll(() => neurons.maps.value?.length, { timeout }).toBe(3);
    expect(neurons.maps.value?.slice(0, 2)).toEqual(first);
  });

  it('none asked for is none; what takes long waits; images that do not come are told', async () => {
    const none = open('?net=dense+3*4+he-normal&data=absolute&maps=0&nets=0&runs=0&verdict=0');
    await expect.poll(() => none.jobs.cells.value, { timeout }).not.toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([none.neurons.maps.value, none.neurons.waiting.value]).toEqual([null, null]);

    const long = open('?net=dense+1000*60+he-normal&data=absolute&maps=900&nets=0&runs=0&verdict=0');
    await expect.poll(() => long.neurons.waiting.value, { timeout }).toBeGreaterThan(60);
    expect(long.neurons.maps.value).toBeNull();

    const images = open('?net=dense+3*4+he-normal&maps=1&nets=0&runs=0&verdict=0');
    await expect.poll(() => images.neurons.failure.value, { timeout }).toContain('the images are not here');
    images.state.changeData('absolute');
    await expect.poll(() => images.neurons.maps.value, { timeout }).not.toBeNull();
    expect(images.neurons.failure.value).toBeNull();
  });
});
