/** A model with the outputs of all its layers as outputs: a functional model over the same layers, which owns nothing. */
import { InvalidArgumentError } from '@kindling/core';
import { model as functionalModel, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { TensorflowLayer } from './tensorflow-names.js';

/** One call of a layer. */
export interface Tap {
  readonly layer: TensorflowLayer;
  /** Place in `model.layers`. */
  readonly layerIndex: number;
  readonly output: SymbolicTensor;
}

/** The layers' outputs and a model that gives them all. */
export interface TappedModel {
  readonly taps: readonly Tap[];
  /** Its outputs are the taps' in order. Not to be disposed: the layers belong to the model. */
  readonly tapped: LayersModel;
}

/**
 * A `Sequential` knows its input as soon as it has layers, but puts them together at its first pass: that is done here.
 *
 * @throws InvalidArgumentError for a model that does not know its input's shape yet, or has no layers
 */
export function requireBuilt(caller: string, model: LayersModel): void {
  if ((model.inputs?.length ?? 0) === 0 || model.layers.length === 0) {
    throw new InvalidArgumentError(
      `${caller}: the model does not know its input; expected one that does — give the first layer an inputShape`,
    );
  }
  if (!model.built) model.build(model.inputs.map(({ shape }) => shape)[0] ?? []);
}

/**
 * Taps every call of every layer but input layers. Adds no weights, no tensors and no nodes to the model.
 *
 * @param model as `requireBuilt` leaves it
 * @throws InvalidArgumentError for a model of input layers alone
 */
export function tapModel(caller: string, model: LayersModel): TappedModel {
  const taps = model.layers.flatMap((layer, layerIndex) =>
    layer.getClassName() === 'InputLayer'
      ? []
      : layer.inboundNodes.flatMap((node, nodeIndex): Tap[] => {
          // A layer may be called by other models, too; the model's own calls have this name in its list.
          if (!model.containerNodes.has(`${layer.name}_ib-${nodeIndex}`)) return [];
          return node.outputTensors.map((output) => ({ layer, layerIndex, output }));
        }),
  );
  if (taps.length === 0) {
    throw new InvalidArgumentError(`${caller}: the model has no layers; expected at least one`);
  }
  const tapped = functionalModel({ inputs: model.inputs, outputs: taps.map(({ output }) => output) });
  return { taps, tapped };
}

/** True for layers whose outputs are cut at zero: `activation: 'relu'` or `'relu6'`, ReLU layers. */
export function endsInRelu(layer: TensorflowLayer): boolean {
  if (layer.getClassName() === 'ReLU') return true;
  return /^relu6?$/.test(String(layer.getConfig()['activation'] ?? ''));
}
