/**
 * A real Chromium gives Node's bytes for every study of the catalog that has no page: the trials of the built page's own worker,
 * asked as the pool asks, beside those of the packages as Node loads them.
 */
import {
  type AnyStudy,
  convTraining,
  convTrainingSpec,
  dataDependent,
  dataDependentSpec,
  datasetIdentity,
  dyingRelu,
  dyingReluSpec,
  explore,
  exploreSpec,
  figure2,
  figure2Spec,
  figure4,
  figure4Spec,
  lengthVariance,
  lengthVarianceSpec,
  parseExploreText,
  type StudySpec,
  trainability,
  trainabilitySpec,
} from '@kindling/studies';
import { type Dataset, firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordsInChromium, recordsInNode } from './study-records.js';
import { launchChromium } from './web-page.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

const few = firstImages((await loadDataset('embedded')).dataset, { train: 300, test: 100 });
const data = datasetIdentity(few);

/** What the explorable's page asks for; a function's data need no identity. */
function explored(query: string): StudySpec {
  const { question, problems } = parseExploreText(query);
  if (question === null) throw new Error(problems.map(({ message }) => message).join());
  return exploreSpec(question, question.data === 'embedded' ? data : null);
}

/** Every function, initializer, optimizer, module and net; short trainings, as a bit once astray stays so. */
const studies: readonly (readonly [AnyStudy, StudySpec, Dataset | null])[] = [
  [trainability, trainabilitySpec({ widths: [3, 9], runs: 3, maxSteps: 400, seed: 5 }), null],
  [trainability, trainabilitySpec({ widths: [6], runs: 2, maxSteps: 400, optimizer: 'momentum' }), null],
  [
    dyingRelu,
    dyingReluSpec({ runs: 4, maxSteps: 200, initializers: ['he-normal', 'he-normal-biases', 'rai'] }),
    null,
  ],
  [dataDependent, dataDependentSpec({ runs: 2, epochs: 100 }), null],
  // Convolutions of every padding, and residual nets.
  [figure4, figure4Spec({ quick: true, trials: 2 }), null],
  [figure4, figure4Spec({ padding: 'zero', size: 9, depths: [4, 20], trials: 3 }), null],
  [figure4, figure4Spec({ padding: 'valid', size: 9, depths: [4], trials: 3 }), null],
  [lengthVariance, lengthVarianceSpec({ depths: [2, 20], nets: 20, residualNets: 5 }), null],
  [figure2, figure2Spec({ data, depths: [3, 40], trials: 5, runs: 1, maxEpochs: 3 }), few],
  [
    figure2,
    figure2Spec({ data, module: 'linear', bases: [0.8], depths: [6], trials: 5, runs: 2, maxEpochs: 3 }),
    few,
  ],
  [
    explore,
    explored('net=dense+6*5+he-normal+bias=0.1&net=residual+5*4+he-uniform&data=folded&nets=5&epochs=8'),
    null,
  ],
  [
    explore,
    explored('net=dense+20*6+tfjs:dense&net=conv+3/2*2,3*2+he-uniform&data=embedded&nets=5&epochs=2'),
    few,
  ],
  [convTraining, convTrainingSpec({ data, depths: [2, 6], runs: 1, maxEpochs: 2 }), few],
];

describe('studies without a page', () => {
  it.each(studies.map(([study, spec, dataset], i) => [study.name, i, study, spec, dataset] as const))(
    '%s (%d): Chromium’s records are Node’s',
    async (_, __, study, spec, dataset) => {
      const { records, complaints } = await recordsInChromium(browser, study, spec, dataset);
      expect(records).toEqual(await recordsInNode(study, spec, dataset));
      expect(complaints).toEqual([]);
    },
  );
});
