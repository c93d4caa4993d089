/** The grid of the study: He's nets once, and every way to draw from every law, by family and depth. */
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import { type Task, taskName } from '../../weight-laws/tasks.js';
import { trainingWork } from '../../weight-laws/training-work.js';
import { familyNet, type LawFamilyName } from './families.js';
import { type LawInitName, lawInitializations } from './initializations.js';
import type { LawInitSpec } from './spec.js';

/** Where a net's weights come from. */
export type Origin =
  | { readonly kind: 'he' }
  | { readonly kind: 'law'; readonly name: LawInitName; readonly task: Task };

/** One grid point. */
export interface LawInitCell extends Cell {
  readonly family: LawFamilyName;
  readonly depth: number;
  readonly origin: Origin;
}

/** The net of a family and depth. */
export function architectureOf({ data, sources }: LawInitSpec, family: LawFamilyName, depth: number) {
  return familyNet(family, depth, {
    side: Math.round(Math.sqrt(data.features)),
    classes: sources[0]?.classes ?? data.classes,
  });
}

/** The ways to draw that differ in a family: without convolutions there are no filters. */
export function initializationsOf(
  { initializations }: LawInitSpec,
  family: LawFamilyName,
): readonly LawInitName[] {
  return initializations.filter(
    (name) => family === 'conv' || lawInitializations[name].kind !== 'filter-covariance',
  );
}

/** Every grid point. */
export function lawInitCells(spec: LawInitSpec): readonly LawInitCell[] {
  return spec.families.flatMap((family) =>
    spec.depths[family].flatMap((depth) => {
      const architecture = architectureOf(spec, family, depth);
      const images = spec.sources[0]?.trainCount ?? 0;
      const training = trainingWork(architecture, spec.maxEpochs * images);
      const names = initializationsOf(spec, family);
      // Each worker trains the nets of a law once, for the first trial that needs it.
      const law =
        trainingWork(architecture, spec.lawNets * spec.lawEpochs * images) / (names.length * spec.runs || 1);
      const at = `${family}/depth=${depth}`;
      return [
        {
          id: `${at}/he-normal`,
          family,
          depth,
          origin: { kind: 'he' as const },
          trials: spec.runs,
          cost: training,
        },
        ...spec.tasks.flatMap((task) =>
          names.map((name) => ({
            id: `${at}/law=${taskName(spec, task)}/${name}`,
            family,
            depth,
            origin: { kind: 'law' as const, name, task },
            trials: spec.runs,
            cost: training + law,
          })),
        ),
      ];
    }),
  );
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findLawInitCell = cellFinder('law-init', lawInitCells);
