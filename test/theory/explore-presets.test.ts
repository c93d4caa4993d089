/** Every preset fails before one's eyes on data that are always there, and its first remedy mends it. */
import { createEngine } from '@kindling/core';
import {
  datasetIdentity,
  type ExplorePart,
  type ExploreQuestion,
  type ExploreTrainingResult,
  type ExploreVerdictResult,
  explore,
  exploreCells,
  explorePresets,
  exploreSpec,
  parseExploreConfiguration,
  parseExploreText,
} from '@kindling/studies';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';

const { dataset } = await loadDataset('embedded');
const engine = createEngine();

/** All trials of one part of the first net. */
async function resultsOf<Result>(question: ExploreQuestion, part: ExplorePart): Promise<readonly Result[]> {
  const isImages = question.data === 'embedded';
  const spec = exploreSpec(question, isImages ? datasetIdentity(dataset) : null);
  const cell = exploreCells(spec).find((each) => each.part === part && each.index === 0);
  if (cell === undefined) throw new Error(`there is no ${part}`);
  const results: Result[] = [];
  for (let trial = 0; trial < cell.trials; trial++) {
    const context = { engine, dataset: isImages ? dataset : null };
    results.push((await explore.runTrial(context, spec, { cell: cell.id, trial })) as unknown as Result);
  }
  return results;
}

const reached = (results: readonly ExploreTrainingResult[]) =>
  results.filter(({ epochsToTarget }) => epochsToTarget !== null).length;

describe('the preset', () => {
  // As many epochs as the mended net needs; the preset shows some more.
  it.each([
    ['default', 'fm1-vanishing', 3],
    ['figure-1', 'fm1-vanishing', 3],
    ['figure-2', 'fm1-exploding', 1],
    ['figure-3', 'fm2-length-variance', 3],
    ['figure-4', 'fm1-vanishing', 3],
    ['dying-relu', 'born-dead', 50],
  ])('%s fails by %s, and starts within %i epochs after its first remedy', async (name, verdict, epochs) => {
    const query = explorePresets.find((preset) => preset.name === name)?.query ?? '';
    const asked = parseExploreText(query).question as ExploreQuestion;
    const question: ExploreQuestion = { ...asked, epochs, look: [], runs: Math.min(asked.runs, 3) };
    expect(asked.epochs).toBeGreaterThanOrEqual(epochs);

    const [failing] = await resultsOf<ExploreVerdictResult>(question, 'verdict');
    expect(failing?.verdict).toBe(verdict);
    expect(reached(await resultsOf(question, 'training'))).toBe(0);

    const [fix] = failing?.remedies ?? [];
    expect(fix?.starts).toBe(true);
    const mended = { ...question, configurations: [parseExploreConfiguration(fix?.configuration ?? '')] };
    const [after] = await resultsOf<ExploreVerdictResult>(mended, 'verdict');
    expect(after?.verdict).toBe('starts');
    const runs = await resultsOf<ExploreTrainingResult>(mended, 'training');
    expect(reached(runs)).toBeGreaterThan(runs.length / 2);
  });

  it('is there for all figures and dying ReLU, each once', () => {
    expect(explorePresets.map(({ name }) => name)).toEqual([
      'default',
      'figure-1',
      'figure-2',
      'figure-3',
      'figure-4',
      'dying-relu',
    ]);
  });
});
