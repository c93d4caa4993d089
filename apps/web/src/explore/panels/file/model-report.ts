/** What is told of a model file: what it is, the verdict the command `kindling diagnose` gives, its tensors, its network for the page. */
import { createEngine, rootKey } from '@kindling/core';
import type { VerdictCode } from '@kindling/diagnostics';
import {
  diagnoseModel,
  fileHeadline,
  findTensors,
  floatBytes,
  type ModelDiagnosis,
  type TensorFindings,
  WeightsError,
} from '@kindling/diagnostics/models';
import { type Model, modelFormatTitles, openModel, printableName, sourcesOfFiles } from '@kindling/models';
import { lawPText, lawText } from '@kindling/studies';
import type { DroppedFile } from './dropped-file.js';
import { type FileConfiguration, fileConfiguration } from './file-configuration.js';

/** A row of the table. Numbers as they are; null for what is not known or not asked of such a tensor. */
export interface TensorRow {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: string;
  /** Variance × fan-in, of kernels: 2 is He's. */
  readonly scaledVariance: number | null;
  readonly excessKurtosis: number;
  /** Share of numbers that are zero, 0 … 1. */
  readonly zeros: number;
  readonly law: string;
  readonly pValue: string;
}

/** The verdict, by real passes where the file tells its network. */
export interface FileVerdict {
  readonly verdict: VerdictCode;
  readonly headline: string;
  /** What was done, in words. */
  readonly method: string;
}

/** Everything. Plain enough to come from a worker. */
export interface ModelReport {
  readonly kind: 'model';
  readonly name: string;
  readonly format: string;
  readonly producer: string | null;
  readonly verdict: FileVerdict | null;
  /** Why there is no verdict; null where there is one. */
  readonly obstacle: string | null;
  readonly tensors: readonly TensorRow[];
  readonly configuration: FileConfiguration | null;
  readonly notes: readonly string[];
}

/** The seed of the command where none is given. */
const seed = 1;

/**
 * Reads a model.
 *
 * @param onShare told how much is read, 0 … 1
 * @throws ModelFormatError, UnsupportedModelError, InvalidArgumentError for files that are no model
 */
export async function modelReport(
  files: readonly DroppedFile[],
  onShare: (share: number) => void,
): Promise<ModelReport> {
  const sources = sourcesOfFiles(new Map(files.map(({ path, file }) => [path, file])));
  const model = await openModel(sources, { batchNormalization: 'by-batch' });
  // Every tensor for the table, and the kernels again for the verdict, as the two commands read them.
  const total = Math.max(1, 2 * floatBytes(model.tensors));
  let read = 0;
  const meter = (bytes: number) => {
    read += bytes;
    onShare(Math.min(1, read / total));
  };
  const findings = await findTensors(createEngine(), model.tensors, meter);
  const { verdict, obstacle, found } = await verdictOf(model, meter);
  return {
    kind: 'model',
    name: printableName(sources.main.name),
    format: modelFormatTitles[model.format],
    producer: model.producer,
    ...{ verdict, obstacle },
    tensors: findings.map(rowOf),
    configuration: found === null ? null : configurationOf(found),
    notes: [...(found?.kind === 'weights' ? found.diagnosis.notes : []), ...model.notes],
  };
}

async function verdictOf(
  model: Model,
  meter: (bytes: number) => void,
): Promise<{
  readonly verdict: FileVerdict | null;
  readonly obstacle: string | null;
  readonly found: ModelDiagnosis | null;
}> {
  try {
    const found = await diagnoseModel({ model, key: rootKey(seed), remedies: false, meter });
    const method =
      found.kind === 'network'
        ? `by passes of ${found.inputs} through its own weights`
        : 'by the weights alone: the file tells no network, so a plain ReLU chain is taken for granted';
    const { verdict } = found.diagnosis;
    return { found, obstacle: null, verdict: { verdict, method, headline: fileHeadline(found) } };
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    return { found: null, verdict: null, obstacle: error.message.replace(/^\w+: /, '') };
  }
}

function rowOf({ tensor, summary, law }: TensorFindings): TensorRow {
  const { name, shape, dtype, quantization, fans } = tensor;
  return {
    name: printableName(name),
    shape,
    type: quantization === null ? dtype : `${dtype} of ${quantization.dtype}`,
    scaledVariance: fans === null ? null : summary.variance * fans.fanIn,
    excessKurtosis: summary.excessKurtosis,
    zeros: summary.count === 0 ? 0 : summary.zeros / summary.count,
    law: lawText(law),
    pValue: lawPText(law),
  };
}

/** Kernels of the hidden layers: all but that of the outputs. */
function configurationOf(found: ModelDiagnosis): FileConfiguration | null {
  if (found.kind !== 'network') return null;
  const { architecture, parameters } = found.architecture;
  const names = parameters.flatMap(({ parameter, tensor }) =>
    parameter.endsWith('.weights') ? [tensor] : [],
  );
  const hidden = names.slice(0, Math.max(1, names.length - 1));
  const kernels = hidden.flatMap((name) => found.findings.find(({ tensor }) => tensor.name === name) ?? []);
  return fileConfiguration(architecture, kernels);
}
