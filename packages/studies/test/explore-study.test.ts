/** The explorable as a study: pure trials, the same net in every part, theory beside nets, and what remedies become. */
import { InvalidArgumentError } from '@kindling/core';
import {
  canonicalJson,
  datasetIdentity,
  type ExploreLengthsResult,
  type ExploreNeuronsResult,
  type ExploreQuestion,
  type ExploreSpec,
  type ExploreTrainingResult,
  type ExploreVerdictResult,
  explore,
  exploreCells,
  exploreEnds,
  exploreSpec,
  exploreTheory,
  findStudy,
  parseExploreConfiguration,
  parseExploreText,
  type TrialProgress,
  type TrialRecord,
} from '@kindling/studies';
import { firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import { changedConfiguration } from '../src/catalog/explore/remedies.js';
import { runInThread } from './run-in-thread.js';

const { dataset: embedded } = await loadDataset('embedded');
/** Fewer than the nets are looked at with, so that every part sees the same. */
const dataset = firstImages(embedded, { train: 200, test: 100 });

function specOf(query: string): ExploreSpec {
  const question = parseExploreText(query).question as ExploreQuestion;
  return exploreSpec(question, question.data === 'embedded' ? datasetIdentity(dataset) : null);
}

/** Records by part, in the order of the trials. */
async function run(query: string, order: 'planned' | 'reversed' = 'planned') {
  const spec = specOf(query);
  const records = await runInThread(explore, spec, order, dataset);
  const results = <Result>(part: string) =>
    records.filter(({ cell }) => cell.startsWith(`${part}/`)).map(({ result }) => result as Result);
  return { spec, records, results };
}

const withoutSpec = ({ spec: _, ...record }: TrialRecord) => canonicalJson(record);
const byName = (a: string, b: string) => (a < b ? -1 : 1);

const three =
  'net=dense+12*6+tfjs:he-normal&net=residual+10*4+scale=1/L+he-normal&net=conv+3/2*2,4*2+he-normal&seed=3&nets=3&maps=2&runs=1&epochs=2&batch=20&verdict=0';

describe('records', () => {
  it('are the same in whatever order trials run, alone or beside other nets, and found by name', async () => {
    const { records } = await run(three);
    const reversed = await runInThread(explore, specOf(three), 'reversed', dataset);
    expect(reversed.map(withoutSpec).sort(byName)).toEqual(records.map(withoutSpec).sort(byName));
    for (const net of ['residual+10*4+scale=1/L+he-normal', 'conv+3/2*2,4*2+he-normal']) {
      const alone = await run(three.replace(/net=.*&seed/, `net=${net}&seed`));
      const known = new Set(records.map(withoutSpec));
      expect(alone.records.length).toBe(records.length / 3);
      for (const record of alone.records) expect(known.has(withoutSpec(record))).toBe(true);
    }
    const other = await run(three.replace('seed=3', 'seed=4'));
    expect(other.records.map(withoutSpec)).not.toEqual(records.map(withoutSpec));
    expect(findStudy('explore').parseSpec(JSON.parse(JSON.stringify(specOf(three))))).toEqual(specOf(three));
  });

  it('are of one net in every part: its dead neurons in the map are those before the first step', async () => {
    const { results } = await run(three);
    const maps = results<ExploreNeuronsResult>('neurons').filter((_, index) => index % 2 === 0);
    const trainings = results<ExploreTrainingResult>('training');
    maps.forEach(({ layers }, index) => {
      const dead = layers.reduce((sum, { states }) => sum + states.replaceAll('0', '').length, 0);
      expect(dead).toBe(trainings[index]?.deadNeurons[0]);
    });
    expect(maps.map(({ layers }) => layers.map(({ states }) => states.length))).toEqual([
      [12, 12, 12, 12, 12, 12],
      [10, 10, 10, 10, 10],
      [3, 3, 4, 4],
    ]);
    // A dead neuron of the first layer is dead for good, one of a later layer may come back.
    for (const { layers } of maps) expect(layers[0]?.states).not.toContain('1');
  });

  it('tell a training’s course, layer by layer where that was asked', async () => {
    const spec = specOf(`${three}&look=0,2`);
    const progress: TrialProgress[] = [];
    const records = await runInThread(explore, spec, 'planned', dataset, (each) => progress.push(each));
    const result = records.find(({ cell }) => cell.startsWith('training/784-10/dense'))
      ?.result as ExploreTrainingResult;
    expect(result.loss).toHaveLength(2);
    expect(result.testAccuracy).toHaveLength(3);
    expect(result.deadNeurons).toHaveLength(3);
    expect(result.layersAt.map(({ epoch, layers }) => [epoch, layers.length])).toEqual([
      [0, 6],
      [2, 6],
    ]);
    const first = progress.filter(({ cell }) => cell.startsWith('training/784-10/dense'));
    expect(first.map(({ fraction }) => fraction)).toEqual([0, 0.5, 1]);
    expect(first.at(-1)?.values).toMatchObject({ epoch: 2, testAccuracy: result.testAccuracy?.[2] });
  });

  it('need no images where only random nets are asked, and say so where they do', async () => {
    const spec = specOf('net=dense+5*2+he-normal&runs=0&maps=0');
    expect(explore.dataset(spec)).toBeNull();
    expect(await runInThread(explore, spec)).toHaveLength(101);
    const looking = specOf('net=dense+5*2+lsuv&runs=0&maps=0&nets=2&verdict=0');
    expect(explore.dataset(looking)).toEqual(looking.data.kind === 'images' ? looking.data.identity : null);
    await expect(runInThread(explore, looking)).rejects.toThrow(InvalidArgumentError);
    const found = await runInThread(explore, looking, 'planned', dataset);
    expect(found.map(({ result }) => (result as ExploreLengthsResult).logLengths.length)).toEqual([2, 2]);
  });

  it('name data after their digest unless they are known by name: a folder and dropped files are one spec', () => {
    const question = parseExploreText('net=dense+5+he-normal').question as ExploreQuestion;
    const identity = datasetIdentity(dataset);
    const folder = exploreSpec({ ...question, data: 'my/digits' }, { ...identity, name: 'digits' });
    const dropped = exploreSpec({ ...question, data: 'idx' }, { ...identity, name: 'idx' });
    expect(folder).toEqual(dropped);
    expect(folder.data).toMatchObject({ identity: { name: `idx-${identity.digest.slice(0, 8)}` } });
  });
});

describe('lengths', () => {
  it('stay finite through 1,000 layers that explode, and are dead from a layer on where one is', async () => {
    const { results } = await run(
      'net=dense+30*1000+he-normal+times=3&net=dense+1*60+he-normal&nets=2&maps=0&runs=0&verdict=0',
    );
    const [exploding, , dead] = results<ExploreLengthsResult>('lengths');
    expect(exploding?.logLengths.every(Number.isFinite)).toBe(true);
    // Nine times the mean a layer: 1,000 log 9 = 2,197, less what layers of 30 lose of it in a typical net, about 5 · 1,000/(2 · 30) = 83.
    expect(exploding?.logLengths.at(-1)).toBeGreaterThan(2000);
    const layer = dead?.deadLayer ?? 0;
    expect(dead?.logLengths.slice(layer - 1).every((value) => value === '-Infinity')).toBe(true);
    expect(dead?.logLengths.slice(0, layer - 1).every(Number.isFinite)).toBe(true);
  });

  it.each(['dense 20*8 he-normal', 'dense 20*8 glorot-normal times=1.2'])(
    'of %s scatter about theory as theory says',
    async (text) => {
      const nets = 400;
      const { results } = await run(`net=${encodeURIComponent(text)}&nets=${nets}&maps=0&runs=0&verdict=0`);
      const theory = theoryOf(text);
      expect(theory.spread).toBe('exact');
      // By theory's own deviation: five standard errors a layer, 16 looks in all, have a false alarm in 10⁵ runs.
      for (const { layer, typical, deviation } of theory.layers) {
        const mean = meanOfLayer(results('lengths'), layer);
        const error = Number(deviation) / Math.sqrt(nets);
        expect(Math.abs(mean - Number(typical)) / error, `layer ${layer}`).toBeLessThan(5);
        // The control: nets of another variance are not this theory's.
        const wrong = Number(theoryOf('dense 20*8 lecun-normal').layers[layer - 1]?.typical);
        expect(Math.abs(mean - wrong) / error).toBeGreaterThan(5);
      }
    },
  );

  it('have a theory of every kind of net, or a reason why not', () => {
    const he = theoryOf('dense 100*5 he-normal');
    expect(he.sumReciprocalWidths).toBeCloseTo(0.05, 12);
    expect(he.layers.map(({ factor }) => Number(factor).toFixed(9))).toEqual(
      new Array(5).fill('1.000000000'),
    );
    const residual = theoryOf('residual 50*30 scale=0.75^l he-normal');
    expect(residual.sumScales).toBeCloseTo(0.75 * (1 - 0.75 ** 30) * 4, 12);
    expect(residual.layers).toHaveLength(31);
    expect(theoryOf('residual 50*9 module=linear scale=1/sqrt(L) he-normal').sumScales).toBeCloseTo(1, 12);
    expect(theoryOf('conv 8/2,8*3 padding=circular he-normal').layers.map(({ layer }) => layer)).toEqual([
      1, 2, 3, 4,
    ]);
    expect(theoryOf('dense 9*4 tfjs:dense bias=0.1').layers).toHaveLength(4);
    expect(theoryOf('dense 9*4 lsuv').why).toContain('looks at data');
  });
});

function theoryOf(text: string) {
  return exploreTheory(parseExploreConfiguration(text), exploreEnds(specOf('net=dense+5+he-normal').data));
}

function meanOfLayer(results: readonly ExploreLengthsResult[], layer: number): number {
  const logs = results.map(({ logLengths }) => Number(logLengths[layer - 1]));
  return logs.reduce((sum, value) => sum + value, 0) / logs.length;
}

describe('a verdict', () => {
  it('has remedies that are configurations, and the first turns it', async () => {
    const only = '&nets=0&maps=0&runs=0';
    const { results, records } = await run(`net=dense+30*30+tfjs:dense${only}`);
    const [before] = results<ExploreVerdictResult>('verdict');
    expect(before?.verdict).toBe('fm1-vanishing');
    const texts = before?.remedies.map(({ configuration }) => configuration) ?? [];
    expect(texts).toEqual([
      'dense 30*30 he-truncated-normal-uncorrected times=1.13685',
      'dense 30*30 he-truncated-normal',
    ]);
    for (const text of texts) {
      const after = await run(`net=${encodeURIComponent(text ?? '')}${only}`);
      expect(after.results<ExploreVerdictResult>('verdict')[0]?.verdict).toBe('starts');
    }
    const again = await run(`net=dense+30*30+tfjs:dense${only}`);
    expect(again.records.map(withoutSpec)).toEqual(records.map(withoutSpec));
  });
});

describe('changes of a diagnosis', () => {
  const from = (text: string) => parseExploreConfiguration(text);

  it('become configurations', () => {
    const changed = (text: string, change: Parameters<typeof changedConfiguration>[1]) =>
      changedConfiguration(from(text), change);
    expect(changed('dense 5*3 tfjs:he-normal', { weightScales: [1.13685, 1.13685, 1.13685] })).toEqual(
      from('dense 5*3 tfjs:he-normal times=1.13685'),
    );
    expect(changed('dense 5*3 glorot-normal', { weightScales: [12, 1.5, 1.5] })).toEqual(
      from('dense 5*3 he-normal'),
    );
    expect(changed('dense 5*3 he-normal', { widths: [784, 9, 9, 9] })).toEqual(from('dense 9*3 he-normal'));
    // Random biases of PyTorch's cannot be said beside another law: better no button than another net.
    expect(changed('dense 5*3 brainjs', { weightScales: [1, 2, 3] })).toBeNull();
    expect(changed('dense 5*3 he-normal', { widths: [784, 5000] })).toBeNull();
  });
});

describe('what it costs', () => {
  it('is known before: more layers, inputs and epochs cost more, and what no thread holds is refused', () => {
    const costs = (query: string) =>
      exploreCells(specOf(query)).map(({ cost, bytes }) => [cost, bytes] as const);
    const small = costs('net=dense+50*10+he-normal&epochs=5');
    const deep = costs('net=dense+50*40+he-normal&epochs=10');
    small.forEach(([cost, bytes], index) => {
      expect(deep[index]?.[0]).toBeGreaterThan(cost);
      expect(deep[index]?.[1]).toBeGreaterThanOrEqual(bytes);
    });
    expect(() => specOf('net=dense+1000*600+he-normal')).toThrow(
      /explore: configurations\.0: .* GB of memory/,
    );
    expect(specOf('net=dense+1000*600+he-normal&maps=0&runs=0').lengths).toEqual({ nets: 100 });
  });
});
