/** What the study says, in sentences, the most important first. */
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
    `Steps are those at which nets were looked at, a third to a half apart: a way is half done somewhere between the step before and the one told. ${countText(summary.diverged)} of ${countOf(summary.spec.nets * summary.spec.architectures.length * summary.spec.initializers.length, 'training')} diverged.`,
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
  const steps = [
    path.halfStep === null ? 'never half way for good' : `half way at step ${countText(path.halfStep)}`,
    ...(path.halfStep === null || path.nearStep === null
      ? []
      : [`nine tenths at ${countText(path.nearStep)}`]),
  ];
  return `${aspectTitles[path.aspect]} ${startRatio(path, floors)} to ${last} (${steps.join(', ')})`;
}

/** The mean distance before the first step, in units of the floor. */
export function startRatio({ aspect, distance }: ArrivalPath, floors: readonly ArrivalFloor[]): string {
  const floor = floorOf(aspect, floors)?.mean ?? Number.NaN;
  return numberText((distance[0] ?? Number.NaN) / floor, 3);
}

/** The floor of an aspect. */
export function floorOf(aspect: LawAspect, floors: readonly ArrivalFloor[]): ArrivalFloor | undefined {
  return floors.find((floor) => floor.aspect === aspect);
}

/** Whether training forgets what it began from. */
function memory({ architectures, spec }: LawArrivalSummary): readonly string[] {
  if (spec.initializers.length < 2) return [];
  const ratio = (test: PermutationTest | null) =>
    test?.ratio === null || test === null ? '–' : `${numberText(test.ratio, 3)} (p ${pText(test)})`;
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
  return [
    `Does training forget what it began from? Distances between nets of different initializers over those within one: ${texts.join('; ')}.`,
  ];
}

/** `≤ 0.0005` at the least there could be, else such as `= 0.02`. */
export function pText({ p, resolution }: PermutationTest): string {
  return p <= resolution ? `≤ ${numberText(resolution, 1)}` : `= ${numberText(p, 2)}`;
}
