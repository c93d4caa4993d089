/** What the study says, in sentences, the most important first. */
import { countOf, countText, listText, numberText, percentText } from '../../report/number-text.js';
import type { Estimate } from '../../statistics/bootstrap.js';
import { taskTitle } from '../../weight-laws/tasks.js';
import { familyTitles, type LawFamilyName } from './families.js';
import { lawInitializations } from './initializations.js';
import type { LawInitComparison, LawInitPoint, LawInitSummary } from './summarize.js';

/** The findings of a summary. */
export function findings(summary: LawInitSummary): readonly string[] {
  const { spec } = summary;
  return [
    ...spec.families.map((family) => speed(summary, family, 'goal')),
    ...spec.families.map((family) => speed(summary, family, 'start')),
    ...deepest(summary),
    beginnings(summary),
    trouble(summary),
  ];
}

/** The accuracy that is the goal of a family. */
export function goalOf({ goals, spec }: LawInitSummary, family: LawFamilyName): number {
  return goals[spec.families.indexOf(family)] ?? Number.NaN;
}

/** `0.52 (0.44 to 0.61)`. */
export function estimateText({ value, low, high }: Estimate): string {
  if (low === null || high === null) return numberText(value, 2);
  return `${numberText(value, 2)} (${numberText(low, 2)} to ${numberText(high, 2)})`;
}

const accuracyText = (accuracy: number) => percentText(Math.round(accuracy * 1000) / 1000);

/** Steps against He's over all depths, by law and way. */
function speed(summary: LawInitSummary, family: LawFamilyName, threshold: 'start' | 'goal'): string {
  const { spec, comparisons } = summary;
  const accuracy = threshold === 'start' ? spec.startAccuracy : goalOf(summary, family);
  const texts = spec.tasks.map((task, index) => {
    const own = comparisons.filter((one) => one.family === family && one.task === index);
    const parts = own.map(
      (one) => `${lawInitializations[one.initialization].title} ${estimateText(one[threshold])}`,
    );
    return `from nets trained on ${taskTitle(spec, task)}${index === 0 ? ' (the very data)' : ''}: ${listText(parts)}`;
  });
  const text = `${familyTitles[family]}: steps to ${accuracyText(accuracy)} test accuracy of nets drawn from the law of trained ones, over those of He’s, geometric means over the depths (bootstrap intervals of 95 %), below 1 being sooner; ${texts.join('; ')}.`;
  return text.replace(/^./, (first) => first.toUpperCase());
}

/** The deepest nets: where initialization matters most. */
function deepest({ points, spec, lastStep }: LawInitSummary): readonly string[] {
  return spec.families.map((family) => {
    const depth = Math.max(...spec.depths[family]);
    const own = points.filter(
      (point) => point.family === family && point.depth === depth && (point.task ?? 0) === 0,
    );
    const texts = own.map(
      (point) => `${nameOf(point)} ${stepsText(point.start.median)} and ${stepsText(point.goal.median)}`,
    );
    return `At depth ${depth} of the ${familyTitles[family]}, median steps to the start and to the goal, laws of the very data: ${texts.join('; ')} (at most ${countText(lastStep)} steps were taken).`;
  });
}

/** What a point's nets were drawn from. */
export function nameOf({ initialization }: Pick<LawInitPoint, 'initialization'>): string {
  return initialization === null ? 'He normal' : lawInitializations[initialization].title;
}

/** A median of steps. */
export function stepsText(steps: number | null): string {
  return steps === null ? 'never' : countText(steps);
}

/** Accuracy before the first step: whether a drawn net knows anything. */
function beginnings({ comparisons, points, spec }: LawInitSummary): string {
  const best = comparisons.reduce<LawInitComparison | null>(
    (most, one) => (most === null || one.firstAccuracy.value > most.firstAccuracy.value ? one : most),
    null,
  );
  const highest = points.reduce(
    (most, point) => Math.max(most, point.initialization === null ? 0 : point.firstAccuracy),
    0,
  );
  if (best === null) return 'No law was drawn from.';
  const task = spec.tasks[best.task];
  const { value, low, high } = best.firstAccuracy;
  const interval =
    low === null || high === null ? '' : ` (${numberText(100 * low, 2)} to ${numberText(100 * high, 2)})`;
  return `Before the first step drawn nets ${highest > 0.3 ? 'know something' : 'know next to nothing'}: the largest mean lead over He’s nets is ${numberText(100 * value, 2)} points${interval} of test accuracy, of the ${lawInitializations[best.initialization].title} from ${task === undefined ? '' : taskTitle(spec, task)}; no mean accuracy of drawn nets is above ${accuracyText(highest)}.`;
}

function trouble({ points, spec }: LawInitSummary): string {
  const diverged = points.reduce((sum, point) => sum + point.diverged, 0);
  const runs = points.reduce((sum, point) => sum + point.runs, 0);
  const missing = points.reduce(
    (sum, { goal }) => sum + goal.steps.filter((step) => step === null).length,
    0,
  );
  const laws = points.flatMap(({ lawAccuracy }) => (lawAccuracy === null ? [] : [lawAccuracy]));
  const range =
    laws.length === 0
      ? ''
      : ` The nets that laws were taken from had mean test accuracies of ${accuracyText(Math.min(...laws))} to ${accuracyText(Math.max(...laws))} on their own data.`;
  return `Of ${countOf(runs, 'training')} ${diverged === 0 ? 'none' : countText(diverged)} diverged, and ${missing === 0 ? 'none' : countText(missing)} did not come to the goal within ${countOf(spec.maxEpochs, 'epoch')}; ${missing === 1 ? 'it counts' : 'they count'} with the last step.${range}`;
}
