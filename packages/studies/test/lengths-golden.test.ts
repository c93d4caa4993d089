/**
 * The very bytes of a few trials of figures 3 and 4 and of the length-variance study. They change only when the numeric contract
 * does: then renew them on purpose (`pnpm exec vitest run --project fast packages/studies/test/lengths-golden -u`) and say so in the
 * changelog.
 */
import {
  type AnyStudy,
  canonicalJson,
  datasetIdentity,
  figure1InitializerNames,
  figure3,
  figure3Spec,
  figure4,
  figure4Paddings,
  figure4Spec,
  lengthVariance,
  lengthVarianceSpec,
  type StudySpec,
} from '@kindling/studies';
import { loadDataset } from '@kindling/trainer/node';
import { expect, it } from 'vitest';
import { runInThread } from './run-in-thread.js';

it('gives the recorded bits for every pattern, padding, initializer and family', async () => {
  const { dataset } = await loadDataset('embedded');
  const studies: readonly (readonly [AnyStudy, StudySpec])[] = [
    [figure3, figure3Spec({ data: datasetIdentity(dataset), depths: [10], runs: 1, maxEpochs: 2 })],
    ...figure4Paddings.map(
      (padding) =>
        [
          figure4,
          figure4Spec({ padding, depths: [3], trials: 1, size: 9, initializers: figure1InitializerNames }),
        ] as const,
    ),
    [figure4, figure4Spec({ depths: [30], trials: 2, size: 8, initializers: ['he-normal'] })],
    [lengthVariance, lengthVarianceSpec({ widths: [5], depths: [2, 20], nets: 3, residualNets: 3 })],
  ];
  const lines: string[] = [];
  for (const [study, spec] of studies) {
    for (const { cell, trial, result } of await runInThread(study, spec, 'planned', dataset)) {
      lines.push(canonicalJson({ cell, trial, result }));
    }
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/lengths-results.jsonl');
});
