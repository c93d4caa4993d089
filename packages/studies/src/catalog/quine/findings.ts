/** What a quine summary says, in sentences, the most important first. */
import { countOf, countText, listText, numberText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import { methodTitle } from './methods.js';
import type { QuineCourse, QuineSummary, Spread } from './summarize.js';

/** The paper's figures, at second hand. */
export const publishedQuine = { initial: 90.16, adamax: 32.1, regeneration: 0.86 } as const;

const optimizers = ['sgd', 'momentum', 'adagrad', 'adam', 'adamax', 'rmsprop'];

/** Median of a spread, which may be read back from a file. */
export function middle({ median }: Spread): number {
  return readNumber(median);
}

/** ρ at the end. */
export function finalRatio({ ratios }: QuineCourse): number {
  return middle(ratios.at(-1) ?? { median: Number.NaN, least: Number.NaN, most: Number.NaN });
}

/** The findings of a summary. */
export function findings(summary: QuineSummary): readonly string[] {
  const courseOf = (method: string) => summary.courses.find((course) => course.method === method);
  return [
    ...found(summary),
    ...order(summary),
    ...regenerated(courseOf('regeneration'), courseOf('regeneration-fixed')),
    start(summary),
    ...divergences(summary),
  ];
}

/** Methods whose nets say more than zero. */
function found({ courses }: QuineSummary): readonly string[] {
  const sorted = [...courses].sort((a, b) => finalRatio(a) - finalRatio(b));
  const texts = sorted
    .filter((course) => finalRatio(course) < 0.5)
    .map(
      (course) =>
        `${numberText(finalRatio(course), 2)} for ${methodTitle(course.method)} (Σθ² = ${numberText(middle(course.norm), 2)}, ` +
        `${numberText(middle(course.centeredRatio), 2)} of what is not one constant)`,
    );
  return texts.length === 0
    ? ['No method came below ρ = 0.5: every net found here says little more than zero.']
    : [`The ratio ρ = L/Σθ² came to ${listText(texts)}.`];
}

/** The optimizers by their least loss. */
function order({ courses, spec }: QuineSummary): readonly string[] {
  const plain = courses
    .filter(({ method }) => optimizers.includes(method))
    .sort((a, b) => middle(a.bestLoss) - middle(b.bestLoss));
  const [best] = plain;
  if (best === undefined || plain.length < 2) return [];
  const texts = plain.map(
    (course) =>
      `${methodTitle(course.method)} ${numberText(middle(course.bestLoss))} (epoch ${numberText(course.bestEpoch)}, ρ ` +
      `${numberText(finalRatio(course), 2)} at the end)`,
  );
  return [`Least loss in ${countOf(spec.epochs, 'epoch')} by optimizer: ${listText(texts)}.`];
}

function regenerated(free: QuineCourse | undefined, fixed: QuineCourse | undefined): readonly string[] {
  if (free === undefined) return [];
  const held =
    fixed === undefined
      ? ''
      : `; at the first norm, ${numberText(middle(fixed.norm))}, ρ is ${numberText(finalRatio(fixed), 2)} at the end`;
  return [
    `Regeneration with Adamax comes to L = ${numberText(middle(free.bestLoss))} at best and ρ = ${numberText(finalRatio(free), 2)} at the end${held}.`,
  ];
}

function start({ firstLoss, firstNets, predictedLoss, parameters }: QuineSummary): string {
  return (
    `Before the first step L is ${numberText(readNumber(firstLoss))} on average over ${countOf(firstNets, 'net')} of ` +
    `${countText(parameters)} parameters; theory expects ${numberText(predictedLoss)}.`
  );
}

function divergences({ courses }: QuineSummary): readonly string[] {
  const diverged = courses.reduce((sum, course) => sum + course.diverged, 0);
  return diverged === 0
    ? []
    : [`${countOf(diverged, 'search', 'searches')} diverged; their loss counts as infinite.`];
}
