/** The grid of the verdict study: every net is diagnosed once and trained several times. */
import { portableMath } from '@kindling/core';
import { meanLengthFactor } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import { epochCost } from '../../training/training-cost.js';
import type { VerdictAgreementSpec } from './spec.js';

/** One grid point. */
export interface VerdictAgreementCell extends Cell {
  readonly part: 'verdict' | 'training';
  readonly initializer: string;
  readonly width: number;
  readonly depth: number;
}

/** A diagnosis draws some hundred nets where theory does not suffice. */
const operationsPerDiagnosis = 3e9;

/** The widths of a cell's net: the images' pixels, then the hidden layers. */
export function widthsOf(
  { data }: VerdictAgreementSpec,
  { width, depth }: Pick<VerdictAgreementCell, 'width' | 'depth'>,
): readonly number[] {
  return [data.features, ...new Array<number>(depth).fill(width)];
}

/** Every grid point, verdicts first. */
export function verdictAgreementCells(spec: VerdictAgreementSpec): readonly VerdictAgreementCell[] {
  const nets = spec.initializers.flatMap((initializer) =>
    spec.widths.flatMap((width) => spec.depths.map((depth) => ({ initializer, width, depth }))),
  );
  const idOf = ({ initializer, width, depth }: (typeof nets)[number]) =>
    `${initializer}/width=${width}/depth=${depth}`;
  return [
    ...nets.map((net) => ({
      id: `verdict/${idOf(net)}`,
      part: 'verdict' as const,
      ...net,
      trials: 1,
      cost: operationsPerDiagnosis,
    })),
    ...nets.map((net) => ({
      id: `training/${idOf(net)}`,
      part: 'training' as const,
      ...net,
      trials: spec.runs,
      cost: trainingCost(spec, net),
    })),
  ];
}

function trainingCost(
  spec: VerdictAgreementSpec,
  net: Pick<VerdictAgreementCell, 'initializer' | 'width' | 'depth'>,
): number {
  const { data, batchSize } = spec;
  const widths = [...widthsOf(spec, net), data.classes];
  return expectedEpochs(spec, net) * epochCost({ widths, trainCount: data.trainCount, batchSize });
}

/** About how long a training takes: a hint for sharing out the work, never a result. */
export function expectedEpochs(
  { maxEpochs }: VerdictAgreementSpec,
  { initializer, width, depth }: Pick<VerdictAgreementCell, 'initializer' | 'width' | 'depth'>,
): number {
  const factor = meanLengthFactor(findInitializer(initializer).initializer, { fanIn: width, fanOut: width });
  const decades = (depth * portableMath.log(Math.max(factor, 1e-3))) / Math.LN10;
  if (decades > 3) return 1;
  return Math.min(maxEpochs, 2 + 3 * Math.abs(decades - (1.1 * depth) / width));
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findVerdictAgreementCell = cellFinder('verdict-agreement', verdictAgreementCells);
