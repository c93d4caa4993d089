/** What figure 3 comes to: epochs by pattern and depth, and how far they depend on Σ 1/n_j alone. */
import type { JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { type EpochsToAccuracy, summarizeEpochs } from '../../training/epochs-to-accuracy.js';
import { figure3Cells } from './cells.js';
import { type Collapse, measureCollapse, type PatternRatio, patternRatios } from './collapse.js';
import type { WidthPatternName } from './patterns.js';
import type { Figure3Spec } from './spec.js';

/** One pattern and depth. */
export interface Figure3Point extends EpochsToAccuracy {
  readonly pattern: WidthPatternName;
  readonly depth: number;
  readonly sumReciprocalWidths: number;
}

/** The whole of `summary.json`. */
export interface Figure3Summary extends JsonObject {
  readonly study: 'figure-3';
  readonly spec: Figure3Spec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  /** Null where there is nothing to compare: a single pattern, or runs that all took equally long. */
  readonly collapse: Collapse | null;
  /** Against the pattern of width 15, where it is there. */
  readonly ratios: readonly PatternRatio[];
  readonly points: readonly Figure3Point[];
}

/** The pattern that others are compared with at equal depth. */
const reference: WidthPatternName = 'constant-15';

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeFigure3(spec: Figure3Spec, records: readonly TrialRecord[]): Figure3Summary {
  const cells = figure3Cells(spec);
  const groups = recordsByCell(records);
  checkComplete('figure-3', cells, groups);
  const points = cells.map(({ id, pattern, depth, sumReciprocalWidths }) => ({
    pattern,
    depth,
    sumReciprocalWidths,
    ...summarizeEpochs(groups.get(id) ?? []),
  }));
  return {
    study: 'figure-3',
    spec: spec as Figure3Spec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    collapse: measureCollapse(points, spec.maxEpochs, spec.seed),
    ratios: patternRatios(points, reference, spec.maxEpochs, spec.seed),
    points,
  };
}
