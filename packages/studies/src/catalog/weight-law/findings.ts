/** What the study says, in sentences, the most important first. */
import { permutationText } from '../../report/estimate-text.js';
import { countOf, listText, numberText, percentText } from '../../report/number-text.js';
import type { PermutationTest } from '../../statistics/permutation-test.js';
import { aspectTitles, lawAspects } from '../../weight-laws/law-distance.js';
import { taskTitle } from '../../weight-laws/tasks.js';
import type { AspectTests, WeightLawSummary } from './summarize.js';

/** Below this a single test is said to see a difference. */
const level = 0.05;

/** The findings of a summary. */
export function findings(summary: WeightLawSummary): readonly string[] {
  return [
    ...dataSets(summary),
    ...pairs(summary),
    ...architectures(summary),
    control(summary),
    ...random(summary),
    accuracies(summary),
  ];
}

const ratioText = ({ ratio }: PermutationTest) => (ratio === null ? '–' : numberText(ratio, 3));

function tested({ architectures: found }: WeightLawSummary) {
  return found.flatMap((one) => (one.tests === null ? [] : [{ one, tests: one.tests }]));
}

/** Tests of one aspect over the architectures: the range of their ratios, and in how many p is below 0.05. */
function rangeText(tests: readonly PermutationTest[]): string {
  const ratios = tests.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
  const seen = tests.filter(({ p }) => p <= level).length;
  const range =
    ratios.length === 0
      ? '–'
      : ratios.length === 1
        ? numberText(ratios[0] ?? 0, 3)
        : `${numberText(Math.min(...ratios), 3)} to ${numberText(Math.max(...ratios), 3)}`;
  return `${range} times (p below 0.05 in ${seen} of ${tests.length})`;
}

/** By aspect, the tests that `pick` finds in every architecture. */
function aspectsText(
  summary: WeightLawSummary,
  pick: (tests: AspectTests) => PermutationTest | undefined,
): string {
  return listText(
    lawAspects.map((aspect) => {
      const found = tested(summary).flatMap(({ tests }) =>
        tests.filter((test) => test.aspect === aspect).flatMap((test) => pick(test) ?? []),
      );
      return `${aspectTitles[aspect]} ${rangeText(found)}`;
    }),
  );
}

/** Does the law depend on the data? */
function dataSets(summary: WeightLawSummary): readonly string[] {
  const all = tested(summary);
  if (all.length === 0)
    return ['No architecture kept two trained nets of every task; nothing can be tested.'];
  // One headline of many tests: Bonferroni's level, so that chance alone would write it in one study of twenty at most.
  const tests = all.flatMap((one) => one.tests);
  const seen = tests.filter(({ trained }) => trained.p <= level / tests.length).length;
  const head =
    seen === 0
      ? 'That the law of trained weights depends on the data is not shown'
      : 'The law of trained weights depends on the data';
  return [
    `${head}. Two trained nets that learned different data are farther apart than two that learned the same (permutation tests, by architecture): ${aspectsText(summary, ({ trained }) => trained)}.`,
    `Of what training added, trained less initial weights: ${aspectsText(summary, ({ update }) => update)}.`,
  ];
}

/** The two data sets as they are, which are the question; labels and pixels that mean nothing are the contrast. */
function pairs(summary: WeightLawSummary): readonly string[] {
  const { spec } = summary;
  const [a, b] = spec.tasks.flatMap(({ data }, task) => (data === 'given' ? [task] : []));
  if (a === undefined || b === undefined) return [];
  const [taskA, taskB] = [spec.tasks[a], spec.tasks[b]];
  if (taskA === undefined || taskB === undefined) return [];
  return [
    `${taskTitle(spec, taskA)} against ${taskTitle(spec, taskB)} alone: ${aspectsText(summary, (test) => pairOf(test, a, b))}.`,
  ];
}

/** The test of two tasks, wherever it stands. */
export function pairOf({ pairs: all }: AspectTests, a: number, b: number): PermutationTest | undefined {
  return all.find(({ tasks }) => tasks.includes(a) && tasks.includes(b))?.test;
}

function architectures({ between }: WeightLawSummary): readonly string[] {
  if (between === null) return [];
  const { fresh, trained, update } = between;
  const own =
    trained.p > level
      ? 'That architectures differ in the marginal of the whole net is not shown'
      : fresh.p > level
        ? 'Architectures have marginals of their own'
        : 'Architectures differ in their marginals, but fresh nets do so, too';
  const text = (test: PermutationTest) =>
    `${ratioText(test)} times (${permutationText(test)}), ${shareOfNearest(test)}`;
  return [
    `${own}. Every layer standardized, two nets of different architectures on the same data are so much farther apart than two of one, and so often is the nearest other net of the same architecture: trained ${text(trained)}; what training added ${text(update)}; fresh ${text(fresh)}.`,
  ];
}

const shareOfNearest = ({ nearest, chance }: PermutationTest) =>
  `${percentText(nearest.share)} of the nets (${percentText(nearest.low)} to ${percentText(nearest.high)}; by chance ${percentText(chance)})`;

/** Fresh nets must show nothing. */
function control(summary: WeightLawSummary): string {
  const all = tested(summary).flatMap(({ tests }) => tests.map(({ fresh }) => fresh));
  const seen = all.filter(({ p }) => p <= level).length;
  const ratios = all.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
  if (ratios.length === 0)
    return `The control could not be tested: ${countOf(summary.diverged, 'training')} diverged.`;
  return `The control, the same nets before their first step: ratios of ${numberText(Math.min(...ratios), 3)} to ${numberText(Math.max(...ratios), 3)}, p below 0.05 in ${seen} of ${countOf(all.length, 'test')} (chance alone: ${numberText(0.05 * all.length, 2)}).`;
}

/** What labels add: the same images, with labels that mean nothing. */
function random(summary: WeightLawSummary): readonly string[] {
  const { spec } = summary;
  const given = spec.tasks.findIndex(({ source, data }) => source === 0 && data === 'given');
  const shuffled = spec.tasks.findIndex(({ source, data }) => source === 0 && data === 'random-labels');
  if (given < 0 || shuffled < 0) return [];
  return [
    `The same images with labels that mean nothing, against the true ones: ${aspectsText(summary, (test) => pairOf(test, given, shuffled))}.`,
  ];
}

function accuracies({ architectures: found, spec, diverged }: WeightLawSummary): string {
  const texts = spec.tasks.map((task, index) => {
    const shares = found.flatMap(({ tasks }) => tasks[index]?.testAccuracy ?? []);
    const range =
      shares.length === 0
        ? 'none'
        : `${percentText(Math.round(Math.min(...shares) * 100) / 100)} to ${percentText(Math.round(Math.max(...shares) * 100) / 100)}`;
    return `${taskTitle(spec, task)} ${range}`;
  });
  return `Mean test accuracies of the architectures after ${countOf(spec.maxEpochs, 'epoch')}: ${listText(texts)}. ${diverged === 0 ? 'No training diverged.' : `${countOf(diverged, 'training')} diverged and ${diverged === 1 ? 'is' : 'are'} left out.`}`;
}
