/** What the study says, in sentences, the most important first. */
import { countOf, listText, numberText, percentText } from '../../report/number-text.js';
import type { PermutationTest } from '../../statistics/permutation-test.js';
import { aspectTitles } from '../../weight-laws/law-distance.js';
import { taskTitle } from '../../weight-laws/tasks.js';
import { zooArchitectures } from '../../zoo/architectures.js';
import type { ArchitectureSummary, AspectTests, WeightLawSummary } from './summarize.js';

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

const title = ({ architecture }: Pick<ArchitectureSummary, 'architecture'>) =>
  zooArchitectures[architecture].title;

/** `p = 0.0002, the least 4,999 deals can tell`. */
export function pText({ p, resolution }: PermutationTest): string {
  return p <= resolution ? `p ≤ ${numberText(resolution, 1)}` : `p = ${numberText(p, 2)}`;
}

const ratioText = ({ ratio }: PermutationTest) => (ratio === null ? '–' : numberText(ratio, 3));

function tested({ architectures: found }: WeightLawSummary) {
  return found.flatMap((one) => (one.tests === null ? [] : [{ one, tests: one.tests }]));
}

/** Does the law depend on the data? */
function dataSets(summary: WeightLawSummary): readonly string[] {
  const texts = tested(summary).map(({ one, tests }) => {
    const parts = tests.map(
      ({ aspect, trained, update }) =>
        `${aspectTitles[aspect]} ${ratioText(trained)} times (${pText(trained)}; what training added ${ratioText(update)}, ${pText(update)})`,
    );
    return `${title(one)}: ${listText(parts)}`;
  });
  if (texts.length === 0)
    return ['No architecture kept two trained nets of every task; nothing can be tested.'];
  return [
    `How much farther two trained nets are apart that learned different data than two that learned the same, by architecture. ${texts.join('; ')}.`,
  ];
}

/** The two data sets as they are, which are the question; labels and pixels that mean nothing are the contrast. */
function pairs(summary: WeightLawSummary): readonly string[] {
  const { spec } = summary;
  const given = spec.tasks.flatMap(({ data }, task) => (data === 'given' ? [task] : []));
  const [a, b] = given;
  if (a === undefined || b === undefined) return [];
  const [taskA, taskB] = [spec.tasks[a], spec.tasks[b]];
  if (taskA === undefined || taskB === undefined) return [];
  const texts = tested(summary).map(({ one, tests }) => {
    const parts = tests.flatMap((test) => {
      const found = pairOf(test, a, b);
      return found === undefined
        ? []
        : [
            `${aspectTitles[test.aspect]} ${ratioText(found)} (${pText(found)}, told in ${percentText(found.nearest.share)})`,
          ];
    });
    return `${title(one)}: ${listText(parts)}`;
  });
  return [
    `${taskTitle(spec, taskA)} against ${taskTitle(spec, taskB)} alone, the same ratio, and the share of nets whose data set is that of the nearest other net: ${texts.join('; ')}.`,
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
    `${ratioText(test)} times (${pText(test)}), ${shareOfNearest(test)}`;
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
  const texts = tested(summary).map(({ one, tests }) => {
    const parts = tests.flatMap((test) => {
      const found = pairOf(test, given, shuffled);
      return found === undefined
        ? []
        : [`${aspectTitles[test.aspect]} ${ratioText(found)} (${pText(found)})`];
    });
    return `${title(one)}: ${listText(parts)}`;
  });
  return [`The same images with labels that mean nothing, against the true ones: ${texts.join('; ')}.`];
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
