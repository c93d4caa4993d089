/** The study of trained and fresh parameters: its spec, pure trials on real images, held-out fits, and controls that must tell nothing. */
import { InvalidArgumentError } from '@kindling/core';
import { trainedModel } from '@kindling/diagnostics';
import {
  canonicalJson,
  datasetIdentity,
  findStudy,
  hashSpec,
  type JsonObject,
  parseTrainedOrNotSpec,
  trainedOrNot,
  trainedOrNotSpec,
} from '@kindling/studies';
import { firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import { scoreHeldOut, scoreOf, type ZooFile } from '../src/catalog/trained-or-not/fit.js';
import { stagesOf } from '../src/catalog/trained-or-not/spec.js';
import type { StageResult, TrainedOrNotResult } from '../src/catalog/trained-or-not/trial.js';
import { svgText } from '../src/report/svg-text.js';
import { emptyDocument } from './figures-document.js';
import { inventRecords, runInThread } from './run-in-thread.js';

const { dataset } = await loadDataset('embedded');
const few = firstImages(dataset, { train: 480, test: 100 });
const data = datasetIdentity(few);

describe('its spec', () => {
  it('is the whole zoo by default, looked at four times', () => {
    const spec = trainedOrNotSpec({ data });
    const { architectures, initializers, learned, optimizers } = spec;
    expect(architectures.length * initializers.length * learned.length * optimizers.length).toBe(324);
    expect(stagesOf(spec)).toEqual([0, 1, 5, 15]);
    expect(stagesOf({ maxEpochs: 1 })).toEqual([0, 1]);
    expect(stagesOf({ maxEpochs: 5 })).toEqual([0, 1, 5]);
  });

  it('takes what a person says, and survives JSON', () => {
    const spec = trainedOrNotSpec({ data, architectures: ['lenet', 'dense-64'], runs: 2, seed: 9 });
    const again = parseTrainedOrNotSpec(JSON.parse(JSON.stringify(spec)));
    expect(hashSpec(again)).toBe(hashSpec(spec));
    expect(findStudy('trained-or-not').parseSpec(again)).toEqual(spec);
  });

  it.each([
    [{ seed: -1 }, 'seed'],
    [{ version: 2 }, 'version'],
    [{ architectures: ['dense-64'] }, 'architectures'],
    [{ architectures: ['dense-65', 'dense-64'] }, 'architectures.0'],
    [{ learned: [] }, 'learned'],
    [{ optimizers: ['rprop'] }, 'optimizers.0'],
    [{ runs: 0 }, 'runs'],
    [{ maxEpochs: 0 }, 'maxEpochs'],
    [{ data: { ...data, features: 783 } }, 'data.features'],
    [{ data: { ...data, features: 64 } }, 'data.features'],
    [{ workers: 3 }, 'the spec'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parseTrainedOrNotSpec({ ...trainedOrNotSpec({ data }), ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`trained-or-not: ${field}: `);
  });

  it('refuses an initializer that there is not', () => {
    const spec = { ...trainedOrNotSpec({ data }), initializers: ['he-norma'] };
    expect(() => parseTrainedOrNotSpec(spec)).toThrow(/no initializer "he-norma"/);
  });
});

describe('a small zoo on real images', async () => {
  const spec = trainedOrNotSpec({
    data,
    architectures: ['dense-64', 'dense-50x5', 'conv-8-16'],
    initializers: ['he-normal', 'glorot-uniform', 'pytorch:linear', 'orthogonal'],
    learned: ['given'],
    maxEpochs: 5,
  });
  const records = await runInThread(trainedOrNot, spec, 'planned', few);
  const summary = trainedOrNot.summarize(spec, records);

  it('is told on architectures that were held out', () => {
    expect(summary.nets).toBe(24);
    expect(summary.diverged).toBe(0);
    expect(summary.stages.map(({ epoch }) => epoch)).toEqual([1, 5]);
    for (const { area, missed } of summary.stages) {
      expect(area.value).toBeGreaterThanOrEqual(0.99);
      expect(missed).toBeLessThanOrEqual(0.05);
    }
    expect(summary.stages[1]?.kernelArea.value).toBeGreaterThan(0.8);
  });

  it('is told by the fit that is shipped, too, which saw more epochs of other nets', () => {
    const stages = records.map(({ result }) => (result as TrainedOrNotResult).stages);
    const scores = (stage: number) => stages.map((all) => scoreOf(trainedModel, all[stage]?.tensors ?? []));
    expect(Math.max(...scores(0))).toBeLessThan(0);
    expect(Math.min(...scores(2))).toBeGreaterThan(0);
    // The fit to this little zoo says the same of all nets but two of 24 at most.
    const own = (stage: number) => stages.map((all) => scoreOf(summary.model, all[stage]?.tensors ?? []));
    for (const stage of [0, 1, 2]) {
      const shipped = scores(stage);
      const differing = own(stage).filter((score, i) => score > 0 !== (shipped[i] ?? 0) > 0);
      expect(differing.length).toBeLessThanOrEqual(2);
    }
  });

  it('tells nothing where there is nothing to tell: intervals of the controls hold 1/2', () => {
    for (const { low, high } of Object.values(summary.controls)) {
      expect(low ?? 1).toBeLessThanOrEqual(0.5);
      expect(high ?? 0).toBeGreaterThanOrEqual(0.5);
    }
  });

  it('comes to the same summary from records in any order, and refuses missing ones', () => {
    expect(trainedOrNot.summarize(spec, [...records].reverse())).toEqual(summary);
    expect(() => trainedOrNot.summarize(spec, records.slice(1))).toThrow(/has 0 records; expected 1/);
  });

  it('has trials that are pure', async () => {
    const alone = {
      ...spec,
      architectures: ['dense-64', 'conv-8-16'],
      initializers: ['he-normal'],
    } as typeof spec;
    const again = await runInThread(trainedOrNot, { ...alone, optimizers: ['adam'] }, 'reversed', few);
    for (const record of again) {
      const known = records.find(({ cell }) => cell === record.cell);
      expect(canonicalJson(record.result)).toBe(canonicalJson(known?.result ?? {}));
    }
  });

  it('draws its curves, and says its findings', () => {
    const [figure] = trainedOrNot.figures(summary);
    const svg = svgText(figure ?? expect.unreachable(), emptyDocument());
    expect(svg).toContain('after 5 epochs');
    expect(svg).toContain('stroke-dasharray');
    expect(trainedOrNot.findings(summary)[0]).toMatch(/area under the ROC curve of [01]\.\d{4}/);
    expect(trainedOrNot.tables(summary).map(({ title }) => title)).toContain(
      'Reliability of held-out probabilities',
    );
  });

  it('needs data', async () => {
    await expect(runInThread(trainedOrNot, spec)).rejects.toThrow(/trainings need data/);
  });
});

describe('held-out scores', () => {
  const tensor = (surprise: number) => ({
    name: 'w',
    kind: 'kernel' as const,
    features: [1, surprise, 0, 0, 0, 0, 0, 0, 0],
  });
  const file = (surprise: number, trained: boolean): ZooFile => ({
    tensors: [tensor(surprise)],
    trained,
    weight: 1,
  });

  it('never use the labels of the group they score', () => {
    const nets = Array.from({ length: 12 }, (_, i) => ({ group: ['a', 'b', 'c'][i % 3] ?? '', size: i }));
    const honest = scoreHeldOut(
      nets,
      ({ group }) => group,
      () => [file(0.2, false), file(6, true)],
    );
    // Labels of group a turned round: the fits to b and c are the same, those to a and another one are not.
    const turned = scoreHeldOut(
      nets,
      ({ group }) => group,
      ({ group }) => [file(0.2, group === 'a'), file(6, group !== 'a')],
    );
    nets.forEach(({ group }, i) => {
      if (group === 'a') expect(turned[i]).toEqual(honest[i]);
      else expect(turned[i]).not.toEqual(honest[i]);
    });
    expect(honest[0]?.[0]).toBeLessThan(0);
    expect(honest[0]?.[1]).toBeGreaterThan(0);
  });

  it('count trainings that broke at the stages before', () => {
    const spec = trainedOrNotSpec({
      data,
      architectures: ['dense-64', 'lenet'],
      initializers: ['he-normal', 'orthogonal'],
      learned: ['given'],
      maxEpochs: 5,
    });
    const stage = (epoch: number, surprise: number): StageResult => ({
      epoch,
      testAccuracy: 0.5,
      tensors: [tensor(surprise), { name: 'b', kind: 'vector', features: surprise > 3 ? [0, 6] : [1, 0] }],
    });
    const summary = trainedOrNot.summarize(
      spec,
      inventRecords(trainedOrNot, spec, (cell): JsonObject => {
        const stages = [stage(0, 0.3), stage(1, 5), stage(5, 7)];
        return { stages: cell.endsWith('sgd') ? stages.slice(0, 2) : stages };
      }),
    );
    expect(summary.diverged).toBe(4);
    expect(summary.stages.map(({ nets }) => nets)).toEqual([8, 4]);
    expect(trainedOrNot.findings(summary).join(' ')).toContain('4 trainings of 8 diverged');
  });
});
