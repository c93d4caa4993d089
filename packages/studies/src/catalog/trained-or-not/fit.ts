/** Fits what tells trained nets from fresh ones, and scores nets of a group by a fit to the others. */
import {
  fileFeatureNames,
  fileFeatures,
  fileLogOdds,
  kernelFeatureNames,
  type TrainedModel,
  vectorFeatureNames,
} from '@kindling/diagnostics';
import { fitLogistic, type LogisticRow, logitOf } from '../../statistics/logistic-regression.js';
import type { TensorFeatures } from './trial.js';

/** The parameters of one net at one time. */
export interface ZooFile {
  readonly tensors: readonly TensorFeatures[];
  readonly trained: boolean;
  /** > 0; fits make fresh and trained ones weigh the same together. */
  readonly weight: number;
  /** Whether its tensors are of both kinds, as of a net whose last layer alone was trained: it tells of files and not of tensors. */
  readonly mixed?: boolean;
}

/**
 * Logistic regressions of tensors by kind, then of files by the odds of their tensors, which in the fit come from the same nets: few
 * coefficients of many rows. A kind of which there is no tensor gets zeros.
 */
export function fitTrainedModel(files: readonly ZooFile[]): TrainedModel {
  const fitKind = (kind: TensorFeatures['kind'], size: number): readonly number[] => {
    const rows = files.flatMap(({ tensors, trained, weight, mixed = false }): readonly LogisticRow[] =>
      tensors
        .filter((tensor) => !mixed && tensor.kind === kind)
        .map(({ features }) => ({ features, positive: trained, weight })),
    );
    return rows.length === 0 ? new Array<number>(size).fill(0) : fitLogistic(balanced(rows));
  };
  const tensors = {
    kernel: fitKind('kernel', kernelFeatureNames.length),
    vector: fitKind('vector', vectorFeatureNames.length),
  };
  const rows = files.flatMap((file): readonly LogisticRow[] => {
    const features = fileFeatures(file.tensors.map(({ kind, features }) => logitOf(tensors[kind], features)));
    return features === null ? [] : [{ features, positive: file.trained, weight: file.weight }];
  });
  const file = rows.length === 0 ? fileFeatureNames.map(() => 0) : fitLogistic(balanced(rows));
  return { ...tensors, file };
}

/** Fresh and trained rows weigh the same: even odds beforehand. */
function balanced(rows: readonly LogisticRow[]): readonly LogisticRow[] {
  const total = (wanted: boolean) =>
    rows.reduce((sum, { positive, weight }) => (positive === wanted ? sum + weight : sum), 0);
  const [trained, fresh] = [total(true), total(false)];
  if (trained === 0 || fresh === 0) return rows;
  return rows.map((row) => (row.positive ? { ...row, weight: (row.weight * fresh) / trained } : row));
}

/** Log odds of a net's parameters. */
export function scoreOf(model: TrainedModel, tensors: readonly TensorFeatures[]): number {
  return fileLogOdds(
    model,
    tensors.map(({ kind, features }) => logitOf(model[kind], features)),
  );
}

/** Scores of every item's files by a fit to the items of all other groups. @param fittedOf what is fitted to; default the files */
export function scoreHeldOut<Item>(
  items: readonly Item[],
  groupOf: (item: Item) => string,
  filesOf: (item: Item) => readonly ZooFile[],
  fittedOf = filesOf,
): readonly (readonly number[])[] {
  const models = new Map(
    [...new Set(items.map(groupOf))].map((group) => [
      group,
      fitTrainedModel(items.filter((item) => groupOf(item) !== group).flatMap(fittedOf)),
    ]),
  );
  return items.map((item) => {
    const model = models.get(groupOf(item)) as TrainedModel;
    return filesOf(item).map(({ tensors }) => scoreOf(model, tensors));
  });
}
