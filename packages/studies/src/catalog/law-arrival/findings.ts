/** What the study says, in sentences, the most important first. */
import { permutationText } from '../../report/estimate-text.js';
import { countOf, countText, listText, numberText } from '../../report/number-text.js';
import type { PermutationTest } from '../../statistics/permutation-test.js';
import { aspectTitles, type LawAspect } from '../../weight-laws/law-distance.js';
import { zooArchitectures } from '../../zoo/architectures.js';
import { arrivalInitializers } from './spec.js';
import type { ArrivalArchitecture, ArrivalFloor, ArrivalPath, LawArrivalSummary } from './summarize.js';

/** The findings of a summary. */
export function findings(summary: LawArrivalSummary): readonly string[] {
  return [
    ...summary.architectures.map((one) => way(one, summary)),
    ...memory(summary),
    `Nets were looked at after steps a third to a half apart: a way is half done somewhere between the step before and the one told. ${summary.diverged === 0 ? 'None' : countText(summary.diverged)} of ${countOf(summary.spec.nets * summary.spec.architectures.length * summary.spec.initializers.length, 'training')} diverged.`,
  ];
}

const title = ({ architecture }: Pick<ArrivalArchitecture, 'architecture'>) =>
  zooArchitectures[architecture].title;

/** How far one architecture's nets begin from the law, and when they come to it. */
function way({ law, accuracies, ...one }: ArrivalArchitecture, { spec, steps }: LawArrivalSummary): string {
  if (law === null) return `Of ${title(one)} too few nets came to the end, and there is no law to reach.`;
  const texts = spec.initializers.map((initializer) => {
    const near = accuracies.find((other) => other.initializer === initializer)?.nearStep ?? null;
    const aspects = law.paths
      .filter((path) => path.initializer === initializer)
      .map((path) => aspectText(path, law.floors));
    const learned = near === null ? '' : ` (nine tenths of its final accuracy at step ${countText(near)})`;
    return `from ${arrivalInitializers[initializer]}${learned} ${listText(aspects)}`;
  });
  return `After ${countText(steps.at(-1) ?? 0)} steps of ${title(one)}; distances to their law from the first step to the last, in units of that between two independently trained nets: ${texts.join('; ')}.`;
}

function aspectText(path: ArrivalPath, floors: readonly ArrivalFloor[]): string {
  const floor = floorOf(path.aspect, floors)?.mean ?? Number.NaN;
  const last = numberText((path.distance.at(-1) ?? Number.NaN) / floor, 3);
  const begin = `${aspectTitles[path.aspect]} ${startRatio(path, floors)} to ${last}`;
  if (isNear(path, floors, 0)) {
    const always = path.distance.every((_, at) => isNear(path, floors, at));
    return `${begin} (within chance of the law ${always ? 'all the time' : 'at the first step'})`;
  }
  const steps = [
    path.halfStep === null ? 'never half way for good' : `half way at step ${countText(path.halfStep)}`,
    ...(path.halfStep === null || path.nearStep === null
      ? []
      : [`nine tenths at ${countText(path.nearStep)}`]),
  ];
  return `${begin} (${steps.join(', ')})`;
}

/** The mean distance before the first step, in units of the floor. */
export function startRatio({ aspect, distance }: ArrivalPath, floors: readonly ArrivalFloor[]): string {
  const floor = floorOf(aspect, floors)?.mean ?? Number.NaN;
  return numberText((distance[0] ?? Number.NaN) / floor, 3);
}

/** Whether a mean distance is within two deviations of the floor. @param at place among the steps */
export function isNear(
  { aspect, distance }: ArrivalPath,
  floors: readonly ArrivalFloor[],
  at: number,
): boolean {
  const floor = floorOf(aspect, floors);
  return floor !== undefined && (distance[at] ?? Number.NaN) <= floor.mean + 2 * floor.deviation;
}

/** The floor of an aspect. */
export function floorOf(aspect: LawAspect, floors: readonly ArrivalFloor[]): ArrivalFloor | undefined {
  return floors.find((floor) => floor.aspect === aspect);
}

/** Whether training forgets what it began from. */
function memory({ architectures, spec }: LawArrivalSummary): readonly string[] {
  if (spec.initializers.length < 2) return [];
  const ratio = (test: PermutationTest | null) =>
    test?.ratio === null || test === null ? '–' : `${numberText(test.ratio, 3)} (${permutationText(test)})`;
  const texts = architectures.flatMap(({ law, ...one }) =>
    law === null
      ? []
      : [
          `${title(one)}: ${listText(
            law.floors.map(
              ({ aspect, fresh, trained }) =>
                `${aspectTitles[aspect]} ${ratio(fresh)} at the beginning and ${ratio(trained)} at the end`,
            ),
          )}`,
        ],
  );
  if (texts.length === 0) return [];
  const least = Math.min(
    ...architectures.flatMap(({ law }) => (law?.floors ?? []).map(({ trained }) => trained?.resolution ?? 1)),
  );
  const few =
    least > 0.05
      ? ` With so few nets no p can be below ${numberText(least, 2)}: nothing is shown either way.`
      : '';
  return [
    `Does training forget what it began from? Distances between nets of different initializers over those within one, with permutation tests: ${texts.join('; ')}.${few}`,
  ];
}
