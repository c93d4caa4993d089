/** The question behind the page: it is always one that can be asked, and the address says it. */
import { exploreConfigurationText, exploreQuery } from '@kindling/studies';
import { datasetFromIdx } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import { companionOf, depthOf, withDepth, withKind, withWidth } from '../../src/explore/controls/reshape.js';
import { createDatasets, embeddedIdentity } from '../../src/explore/data/datasets.js';
import { createExploreState } from '../../src/explore/explore-state.js';
import { presets } from '../../src/explore/presets.js';
import { readAddress } from '../../src/explore/read-address.js';

const { dataset: embedded } = await loadDataset('embedded');

function open(search = '') {
  const addresses: string[] = [];
  const state = createExploreState({
    search,
    datasets: createDatasets(async () => embedded),
    isolated: false,
    onAddress: (query) => addresses.push(query),
  });
  const texts = () => state.question.value.configurations.map(exploreConfigurationText);
  return { state, addresses, texts };
}

const unknown = { verdict: null, theory: null };

describe('the address', () => {
  it('of nothing is the first preset, which fails', () => {
    const { state, texts } = open();
    expect(texts()).toEqual(['dense 100*50 tfjs:dense']);
    expect(state.preset.value?.name).toBe('default');
    expect(state.notices.value).toEqual([]);
  });

  it.each(presets.map((preset) => [preset.name, preset] as const))('of preset %s opens it', (_, preset) => {
    const { state } = open(`?${exploreQuery(preset.question)}`);
    expect(state.question.value).toEqual(preset.question);
    expect(state.preset.value?.name).toBe(preset.name);
  });

  it('keeps what is right beside what is wrong', () => {
    const { question, problems } = readAddress(
      '?net=dense+7*3+he-normal&net=dense+0*3+he-normal&seed=x&nets=12',
    );
    expect(question.configurations.map(exploreConfigurationText)).toEqual(['dense 7*3 he-normal']);
    expect(question).toMatchObject({ seed: 1, nets: 12 });
    expect(problems).toHaveLength(2);
    expect(problems.join(' ')).toMatch(/seed: it is "x".*|net 2: .*1 to 1000/);
  });

  it('of what its data show to be impossible is told, and the first preset opens', () => {
    const { state, texts } = open('?net=conv+4*4+he-normal&data=absolute');
    expect(state.notices.value.join()).toMatch(/convolutions read images/);
    expect(texts()).toEqual(['dense 100*50 tfjs:dense']);
  });

  it('follows every change, and opens the same question again', () => {
    const { state, addresses } = open('?net=dense+10*4+he-normal');
    expect(state.change({ seed: 9, nets: 5 })).toBeNull();
    expect(open(addresses.at(-1)).state.question.value).toEqual(state.question.value);
  });
});

describe('changes', () => {
  it('that cannot be are refused in words and change nothing', () => {
    const { state, addresses } = open('?net=dense+10*4+he-normal');
    const before = state.question.value;
    expect(state.changeConfiguration(0, 'dense 10*0 he-normal')).toMatch(
      /expected a whole number from 1 to 1000/,
    );
    expect(state.changeConfiguration(0, 'dense 10*4 he-norml')).toMatch(/he-norml/);
    expect(state.change({ rate: -1 })).toMatch(/positive number/);
    expect(state.change({ epochs: 3, look: [9] })).toMatch(/whole number from 0 to 3/);
    expect(state.addConfiguration(before.configurations[0] ?? (undefined as never))).toMatch(/net 1 again/);
    expect(state.question.value).toBe(before);
    expect(addresses).toEqual([]);
  });

  it('of data take the trainings usual there, and refuse what does not fit', () => {
    const { state } = open('?net=conv+4*4+he-normal');
    expect(state.changeData('absolute')).toMatch(/convolutions read images/);
    expect(state.changeConfiguration(0, 'dense 4*4 he-normal')).toBeNull();
    expect(state.changeData('absolute')).toBeNull();
    expect(state.question.value).toMatchObject({ data: 'absolute', optimizer: 'adam', epochs: 500 });
    expect(state.spec.value?.data).toEqual({ kind: 'function', name: 'absolute' });
  });

  it('a fix is kept with what it was, and can be taken back; any other change forgets it', () => {
    const { state, texts } = open();
    expect(state.fix(0, 'dense 100*50 he-normal', unknown)).toBeNull();
    expect(texts()).toEqual(['dense 100*50 he-normal']);
    expect(state.before.value?.index).toBe(0);
    state.undo();
    expect(texts()).toEqual(['dense 100*50 tfjs:dense']);
    expect(state.before.value).toBeNull();
    state.fix(0, 'dense 100*50 he-normal', unknown);
    state.change({ seed: 3 });
    expect(state.before.value).toBeNull();
  });

  it('configurations come and go; the last one stays', () => {
    const { state, texts } = open('?net=dense+10*4+he-normal');
    const [first] = state.question.value.configurations;
    if (first === undefined) throw new Error('there is one');
    for (let i = 0; i < 3; i++) {
      expect(state.addConfiguration(companionOf(first, state.question.value.configurations))).toBeNull();
    }
    expect(new Set(texts()).size).toBe(4);
    expect(state.selected.value).toBe(3);
    state.removeConfiguration(3);
    expect(state.selected.value).toBe(2);
    for (let i = 0; i < 5; i++) state.removeConfiguration(0);
    expect(texts()).toHaveLength(1);
  });

  it('what does not fit into memory is left out, and asked for again when it may', () => {
    const { state } = open('?net=dense+10*4+he-normal&runs=2&maps=3');
    expect(state.leaveOut(['lengths'])).toBe(false);
    expect(state.leaveOut(['training', 'neurons'])).toBe(true);
    expect(state.question.value).toMatchObject({ runs: 0, maps: 0 });
    expect(state.spec.value?.training).toBeNull();
    expect(state.notices.value.join()).toMatch(/too large for training and the map of neurons/);
    state.changeConfiguration(0, 'dense 5*4 he-normal');
    expect(state.question.value).toMatchObject({ runs: 2, maps: 3 });
    state.change({ runs: 0 });
    state.changeConfiguration(0, 'dense 6*4 he-normal');
    expect(state.question.value.runs).toBe(0);
  });
});

describe('images', () => {
  it('of the page are what their files hold', () => {
    const { name, digest, train, test, classes } = embedded;
    expect(embeddedIdentity).toEqual({
      ...{ name, digest, classes },
      trainCount: train.count,
      testCount: test.count,
      features: train.rows * train.columns,
    });
  });

  it('the first ones only are named when they have been cut', async () => {
    const { state } = open('?net=dense+10*4+he-normal&images=100');
    expect(state.spec.value).toBeNull();
    await expect
      .poll(() => state.spec.value?.data)
      .toMatchObject({ first: 100, identity: { trainCount: 100 } });
  });

  it('that a visitor brings are found by their name; others are told to be missing', async () => {
    const datasets = createDatasets(async () => embedded);
    const bytes = (kind: number[], body: number) =>
      Uint8Array.from([0, 0, 8, ...kind, ...new Array<number>(body).fill(0)]);
    const images = { file: 'i', bytes: bytes([3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2], 8) };
    const labels = { file: 'l', bytes: Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 0, 1]) };
    const files = { trainImages: images, trainLabels: labels, testImages: images, testLabels: labels };
    const mine = await datasetFromIdx('idx-mine', files);
    datasets.add(mine);
    expect(datasets.names()).toEqual(['embedded', 'idx-mine']);
    expect(await datasets.load({ data: 'idx-mine', images: null })).toBe(mine);

    const { state } = open('?net=dense+10*4+he-normal&data=idx-0badcafe');
    await expect.poll(() => state.notices.value.join()).toMatch(/“idx-0badcafe” is not on this page/);
    expect(state.question.value.data).toBe('embedded');
  });
});

describe('other shapes of a network', () => {
  it('keep patterns of widths, and strides at the beginning', () => {
    const dense = { kind: 'dense', widths: [30, 10] } as const;
    expect(withDepth(dense, 5)).toEqual({ kind: 'dense', widths: [30, 10, 30, 10, 30] });
    expect(withWidth(dense, 7)).toEqual({ kind: 'dense', widths: [7, 7] });
    const conv = withKind(withDepth(dense, 12), 'convolutional');
    expect(conv).toMatchObject({ kind: 'convolutional', kernel: [3, 3] });
    expect(depthOf(conv)).toBe(12);
    const deeper = withDepth(conv, 20);
    if (deeper.kind !== 'convolutional') throw new Error('it stays what it is');
    expect(deeper.layers.map(({ stride }) => stride)).toEqual([2, 2, ...new Array<number>(18).fill(1)]);
    expect(depthOf(withKind(deeper, 'residual'))).toBe(20);
  });
});
