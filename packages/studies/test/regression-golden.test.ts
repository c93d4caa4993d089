/**
 * The very bytes of a few trials of each study of small regressions. They change only when the numeric contract does: then
 * renew them on purpose (`pnpm exec vitest run --project fast packages/studies/test/regression-golden -u`) and say so in the
 * changelog.
 */
import {
  type AnyStudy,
  canonicalJson,
  dataDependent,
  dataDependentSpec,
  dyingRelu,
  dyingReluSpec,
  optimizerNames,
  type StudySpec,
  trainability,
  trainabilitySpec,
} from '@kindling/studies';
import { expect, it } from 'vitest';
import { runInThread } from './run-in-thread.js';

it('gives the recorded bits for every function, initializer and optimizer', async () => {
  const studies: readonly (readonly [AnyStudy, StudySpec])[] = [
    ...optimizerNames.map(
      (optimizer) =>
        [trainability, trainabilitySpec({ widths: [5], runs: 1, maxSteps: 200, optimizer })] as const,
    ),
    [
      dyingRelu,
      dyingReluSpec({
        runs: 1,
        maxSteps: 50,
        initializers: ['he-normal', 'he-normal-biases', 'rai', 'data-dependent', 'data-dependent-uniform'],
      }),
    ],
    [dataDependent, { ...dataDependentSpec({ runs: 1, epochs: 30 }), reportEvery: 10 } as StudySpec],
  ];
  const lines: string[] = [];
  for (const [study, spec] of studies) {
    for (const { cell, trial, result } of await runInThread(study, spec)) {
      lines.push(canonicalJson({ cell, trial, result }));
    }
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/regression-results.jsonl');
});
