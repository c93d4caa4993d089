/**
 * The very bytes of a small figure 1, kernels' hash aside. They change only when the numeric contract does: then renew
 * them on purpose (`pnpm exec vitest run --project fast packages/studies/test/figure-1-golden -u`) and say so in the
 * changelog.
 */
import { createEngine } from '@kindling/core';
import { canonicalJson, datasetIdentity, figure1, figure1Spec, plan } from '@kindling/studies';
import { loadDataset } from '@kindling/trainer/node';
import { expect, it } from 'vitest';

it('gives the recorded bits for every initializer, in both parts', async () => {
  const { dataset } = await loadDataset('embedded');
  const spec = figure1Spec({
    data: datasetIdentity(dataset),
    depths: [3, 14],
    trials: 2,
    runs: 1,
    maxEpochs: 2,
  });
  const engine = createEngine();
  const lines: string[] = [];
  for (const key of plan(figure1, spec)) {
    lines.push(canonicalJson({ ...key, result: await figure1.runTrial({ engine, dataset }, spec, key) }));
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/figure-1-results.jsonl');
});
