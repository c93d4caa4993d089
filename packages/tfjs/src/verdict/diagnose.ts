/** Diagnoses a model of TensorFlow.js where it stands: on the active backend, with the weights it has. */
import { InvalidArgumentError, rootKey } from '@kindling/core';
import { type Diagnosis, diagnoseNetwork, type VerdictCode } from '@kindling/diagnostics';
import { getBackend } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { kindlingLaw, type StatedLaw, truncationCause } from '../initializers/stated-law.js';
import { type GradientOptions, measureGradients } from '../measure/gradients.js';
import { type InputOptions, openInputBatch } from '../measure/input-batch.js';
import { listOtherLayers } from '../model/kernels.js';
import { readTopology } from '../model/read-topology.js';
import { withEngine } from '../thread-engine.js';
import { type Measurement, measureModel } from './measure-model.js';
import { measuredHeadline } from './measured-verdict.js';
import type { LayerReport, ModelDiagnosis } from './model-diagnosis.js';
import { type KernelLaw, kernelLaws, networkLaw } from './stated-laws.js';

/** Settings of `diagnose`. */
export interface DiagnoseModelOptions extends InputOptions {
  /**
   * The law the weights are from, where the topology does not say so: a name or expression of Kindling's catalog. Weights that are no
   * draws of it are judged by themselves.
   */
  readonly initializer?: string;
  /** What gradients are taken of; see `measureGradients`. Default: the mean output in a random direction. */
  readonly loss?: GradientOptions['loss'];
  /** False leaves gradients out. Default: true. */
  readonly gradients?: boolean;
  /** False looks for no remedies. Default: true. */
  readonly remedies?: boolean;
  /** Random nets to simulate where theory does not suffice. Default: what a second or so allows. */
  readonly trials?: number;
}

/**
 * Whether a model will start training, and why not: lengths of all layers, dead units, gradients, and a verdict.
 *
 * Where the core can run the model, and its kernels can be draws of the law that the topology states, the verdict is that of
 * `diagnoseNetwork` for this law, with remedies, unless this very draw is worse. Else it is that of the weights alone, and `notes` say
 * what is not known then. The model, its weights and the backend stay as they are, and no tensor is left behind.
 *
 * @param model built, with a known input
 * @throws InvalidArgumentError for a model that is not built, data that do not fit it, an unknown initializer, or a setting out of range
 */
export async function diagnose(
  model: LayersModel,
  options: DiagnoseModelOptions = {},
): Promise<ModelDiagnosis> {
  const { seed = 1, remedies = true, gradients = true, trials, loss } = options;
  const given = givenLaw(options.initializer);
  const key = rootKey(seed);
  const batch = await openInputBatch('diagnose', model, options);
  try {
    const { model: topology } = await readTopology(model);
    const architecture = topology.architecture?.architecture ?? null;
    const found = await measureModel('diagnose', model, batch, architecture);
    const { kernels, statistics, measured } = found;
    const laws = kernelLaws(topology, kernels, statistics, given);
    const known = networkLaw(topology, kernels, laws, given !== null);
    const theory =
      architecture === null || 'why' in known
        ? null
        : withEngine((engine) =>
            diagnoseNetwork(engine, {
              architecture,
              initializer: known.law.initializer,
              initializerName: known.law.name,
              key,
              remedies,
              ...(trials === undefined ? {} : { trials }),
            }),
          );
    const verdict = mainVerdict(theory, measured.verdict);
    const law = laws[0]?.law ?? null;
    const others = listOtherLayers(model);
    return {
      backend: getBackend(),
      verdict,
      headline: theory !== null && verdict === theory.verdict ? theory.headline : measuredHeadline(measured),
      basis: theory === null ? 'weights' : 'law',
      cause: theory === null || law === null ? null : truncationCause(law),
      lengthFactor: theory?.numbers.lengthFactor ?? weightsFactor(found),
      layers: layerReports(found, laws),
      measured,
      theory,
      deadUnits: found.deadUnits,
      gradients: gradients
        ? await measureGradients(model, kernels, batch, { seed, ...(loss === undefined ? {} : { loss }) })
        : null,
      inputs: { source: batch.source, rows: batch.rows, meanSquare: batch.meanSquare },
      notes: [
        ...topology.notes,
        ...('why' in known ? [known.why] : known.notes),
        ...(theory === null ? [weightsAlone] : theory.notes),
        ...(theory !== null && measured.verdict !== theory.verdict ? [disagreement(theory, found)] : []),
        ...(found.deadUnits.kinds === 'data' && found.deadUnits.dead > 0 ? [deadOnData] : []),
        ...(others.length > 0 ? [`Weights of these layers are not judged: ${others.join(', ')}.`] : []),
      ],
    };
  } finally {
    batch.dispose();
  }
}

const weightsAlone =
  'The verdict is that of these very weights on these inputs. Other draws of them, how often one fails, and what would help are not known.';

const deadOnData =
  'The network is no plain chain: dead units are zero on these inputs, and whether a step can revive them is not known.';

function givenLaw(expression: string | undefined): StatedLaw | null {
  if (expression === undefined) return null;
  const law = kindlingLaw(expression);
  if (law !== null) return law;
  throw new InvalidArgumentError(
    `diagnose: the initializer ${expression} has no law of single layers; expected one that looks at no data and at no blocks`,
  );
}

/** A draw may be worse than its law, and then counts; one that is better is luck, and counts as its law. */
function mainVerdict(theory: Diagnosis | null, measured: VerdictCode): VerdictCode {
  if (theory === null) return measured;
  return theory.verdict === 'starts' ? measured : theory.verdict;
}

function disagreement(theory: Diagnosis, { measured }: Measurement): string {
  return `The law's verdict is ${theory.verdict}, that of these very weights ${measured.verdict} (10^${measured.log10Length?.toFixed(2)} of the input's length): single nets scatter.`;
}

/** Geometric mean of mean square × fan-in / 2 over the hidden layers of a ReLU chain. */
function weightsFactor({ measured, kernels, statistics }: Measurement): number | null {
  if (measured.log10Weights === null || measured.depth === 0) return null;
  let factor = 1;
  for (const [index, { fans }] of kernels.slice(0, -1).entries()) {
    factor *= nthRoot(((statistics[index]?.meanSquare ?? 0) * fans.fanIn) / 2, measured.depth);
  }
  return factor;
}

/** x^(1/n) by Newton's rule: host powers differ in their last digit. */
function nthRoot(x: number, n: number): number {
  if (x === 0 || n === 1 || !Number.isFinite(x)) return x;
  let root = 1 + (x - 1) / n;
  for (let i = 0; i < 200; i++) {
    let power = 1;
    for (let j = 1; j < n; j++) power *= root;
    const next = ((n - 1) * root + x / power) / n;
    if (Math.abs(next - root) <= 1e-15 * next) return next;
    root = next;
  }
  return root;
}

function layerReports(found: Measurement, laws: readonly KernelLaw[]): readonly LayerReport[] {
  const { activities, kernels, statistics, inputMeanSquare } = found;
  return activities.map(({ tap, meanSquare }): LayerReport => {
    const index = kernels.findIndex(({ layer }) => layer === tap.layer);
    const kernel = kernels[index];
    const moments = statistics[index];
    const law = laws[index];
    return {
      name: tap.layer.name,
      kind: tap.layer.getClassName(),
      length: meanSquare / inputMeanSquare,
      meanSquareTimesFanIn:
        kernel === undefined || moments === undefined ? null : moments.meanSquare * kernel.fans.fanIn,
      standardError: law?.standardError ?? null,
      statedLaw: law?.law?.name ?? null,
      matchesLaw: law?.matches ?? null,
    };
  });
}
