/** What the study comes to: the deck's table for every net, epoch and order, for the model files, and the images beside them. */
import { mean } from '@kindling/core';
import { type BitColumn, bitColumns, bitTable } from '@kindling/diagnostics';
import { decodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { type MeanInterval, meanInterval } from '../../statistics/mean-interval.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { iidCells } from './cells.js';
import type { IidNetName } from './nets.js';
import { type ReadingOrder, readingOrders } from './reading-order.js';
import type { IidSpec } from './spec.js';
import { bitTestOf, type TensorBits } from './tensor-bits.js';
import type { IidImagesResult, IidNetResult } from './trial.js';

/** The largest |Z| of a column over the layers of a type, of all seeds together. */
export interface LargestOfType extends JsonObject {
  readonly column: BitColumn;
  /** |Z|. */
  readonly z: number;
  /** Its sign: −1 where neighbors are alike. */
  readonly sign: number;
  /** Layers that could be tested. */
  readonly layers: number;
  /** P(the largest of so many is as large), numbers being in random order. */
  readonly pValue: number;
  /** −Z/√n of that layer: about the correlation of being above the median of two neighbors, whatever the layer's size. */
  readonly likeness: number;
}

/** A row of the table. */
export interface IidRow extends JsonObject {
  readonly type: string;
  readonly layers: number;
  /** Layers that could not be tested: too few numbers, or all of them equal. */
  readonly refused: number;
  /** Those of `bitColumns` that could be tested. */
  readonly columns: readonly LargestOfType[];
}

/** A net at an epoch. */
export interface IidStage extends JsonObject {
  readonly net: IidNetName;
  readonly epoch: number;
  /** Seeds whose training had not broken by then. */
  readonly runs: number;
  /** Test accuracy over the seeds; null without one. */
  readonly accuracy: MeanInterval | null;
  readonly rows: Readonly<Record<ReadingOrder, readonly IidRow[]>>;
}

/** The whole of `summary.json`. */
export interface IidSummary extends JsonObject {
  readonly study: 'iid';
  readonly spec: IidSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly stages: readonly IidStage[];
  readonly models: readonly {
    readonly name: string;
    readonly digest: string;
    readonly rows: readonly IidRow[];
  }[];
  /** Means over the images; null without any that could be tested. */
  readonly images: {
    readonly tested: number;
    readonly meanZ: number;
    /** Mean of −Z/√n. */
    readonly likeness: number;
    readonly shuffledZ: number;
  } | null;
}

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeIid(spec: IidSpec, records: readonly TrialRecord[]): IidSummary {
  const cells = iidCells(spec);
  const groups = recordsByCell(records);
  checkComplete('iid', cells, groups);
  const resultsOf = (id: string) => (groups.get(id) ?? []).map(({ result }) => result);
  const images = cells.find(({ net }) => net === null);
  return {
    study: 'iid',
    spec: spec as IidSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    stages: cells.flatMap(({ id, net }) =>
      net === null
        ? []
        : spec.epochs.map((epoch) =>
            stageOf(
              net,
              epoch,
              resultsOf(id).map((result) => result as IidNetResult),
            ),
          ),
    ),
    models: spec.models.map(({ name, digest, tensors }) => ({ name, digest, rows: rowsOf(tensors) })),
    images: images === undefined ? null : imagesOf(spec, resultsOf(images.id)[0] as IidImagesResult),
  };
}

function stageOf(net: IidNetName, epoch: number, results: readonly IidNetResult[]): IidStage {
  const stages = results.flatMap((result) => result.stages.filter((stage) => stage.epoch === epoch));
  const whole = stages.filter(({ testAccuracy }) => Number.isFinite(decodeNumber(testAccuracy)));
  const rows = Object.fromEntries(
    readingOrders.map((order) => [order, rowsOf(whole.flatMap(({ tensors }) => tensors[order]))]),
  ) as Record<ReadingOrder, readonly IidRow[]>;
  const accuracy =
    whole.length === 0 ? null : meanInterval(whole.map(({ testAccuracy }) => decodeNumber(testAccuracy)));
  return { net, epoch, runs: whole.length, accuracy, rows };
}

/** The table of these tensors, of several nets together. */
function rowsOf(tensors: readonly TensorBits[]): readonly IidRow[] {
  const layers = tensors.map((tensor) => ({ type: tensor.type, test: bitTestOf(tensor) }));
  return bitTable(layers).map(({ type, layers: tested, refused, columns }) => ({
    ...{ type, layers: tested, refused },
    columns: bitColumns.flatMap((column): LargestOfType[] => {
      const largest = columns[column];
      if (largest === null) return [];
      const { z, pValue, index } = largest;
      const counts = tensors[index]?.counts[bitColumns.indexOf(column)] ?? [0, 0, 0];
      const [above, below, runs] = counts;
      const sign = runs < 1 + (2 * above * below) / (above + below) ? -1 : 1;
      const likeness = (-sign * z) / Math.sqrt(above + below);
      return [{ column, z, sign, layers: largest.layers, pValue, likeness }];
    }),
  }));
}

function imagesOf(spec: IidSpec, { z, shuffledZ }: IidImagesResult): IidSummary['images'] {
  if (z.length === 0) return null;
  const meanZ = mean(z.map(Math.abs));
  return {
    tested: z.length,
    meanZ,
    likeness: -mean(z) / Math.sqrt(spec.data.features),
    shuffledZ: mean(shuffledZ.map(Math.abs)),
  };
}

/** How many tests of a table were made, so that all together keep a level. */
export function testsIn(rows: readonly IidRow[]): number {
  return rows.reduce((sum, { columns }) => sum + columns.length, 0);
}
