/**
 * One network after the other in the same memory: every layer of an architecture, a block with everything in it, is a network of its
 * own, and all of them begin at one address. What a walk through a net takes is thus what its largest layer takes, whatever the depth.
 */
import {
  type Architecture,
  allocateNetwork,
  allocateWorkspace,
  type Engine,
  estimateNetworkMemory,
  type ImageShape,
  imagesAt,
  inputShape,
  type Layer,
  layerShapes,
  type Matrix,
  type Network,
  type NetworkWorkspace,
  type TensorShape,
  takenBytes,
} from '@kindling/core';

/** A layer as a network of its own. */
export interface LayerNetwork {
  /** Its weights are counted through the whole architecture. */
  readonly network: Network;
  readonly workspace: NetworkWorkspace;
  /** Of what comes out. */
  readonly shape: TensorShape;
  readonly kind: Layer['kind'];
  /** Everything it adds to what it reads; scaled along with its input. */
  readonly biases: readonly Matrix[];
  /** It has a batch normalization and must be given true numbers. */
  readonly normalizes: boolean;
}

/** Architectures of one layer each, equal ones once. */
interface SingleLayers {
  readonly distinct: readonly Architecture[];
  /** For every layer its place among them. */
  readonly placeOf: readonly number[];
  readonly shapes: readonly TensorShape[];
}

function singleLayers(architecture: Architecture): SingleLayers {
  const shapes = layerShapes(architecture);
  const places = new Map<string, number>();
  const distinct: Architecture[] = [];
  const placeOf = architecture.layers.map((layer, index) => {
    const { height, width, channels } = shapes[index - 1] ?? inputShape(architecture.input);
    const single: Architecture = { input: { height, width, channels }, layers: [layer] };
    const name = JSON.stringify(single);
    const known = places.get(name);
    if (known !== undefined) return known;
    places.set(name, distinct.length);
    return distinct.push(single) - 1;
  });
  return { distinct, placeOf, shapes };
}

/** Bytes that the layers take in one place: those of the largest. */
export function overlayBytes(architecture: Architecture, batch: number): number {
  return singleLayers(architecture).distinct.reduce((most, single) => {
    const { parameters, forward } = estimateNetworkMemory(single, batch);
    return Math.max(most, parameters + forward);
  }, 0);
}

/**
 * Room for the layers of an architecture, one at a time: a layer's numbers last until another layer is drawn or passed. The caller marks
 * and releases.
 *
 * @param whole where the parameters lie instead, all at once; null: in the room of their layer
 * @throws OutOfMemoryError when there is no room for the largest
 */
export function openOverlay(
  engine: Engine,
  architecture: Architecture,
  batch: number,
  whole: Network | null,
): readonly LayerNetwork[] {
  const { arena } = engine;
  const { distinct, placeOf, shapes } = singleLayers(architecture);
  const start = arena.mark();
  let top = arena.usedBytes;
  const before = top;
  const networks = distinct.map((single) => {
    arena.release(start);
    const network = allocateNetwork(engine, single);
    const workspace = allocateWorkspace(engine, network, batch);
    top = Math.max(top, arena.usedBytes);
    return { network, workspace };
  });
  arena.release(start);
  // The bytes that `allocate` adds at the end are already counted.
  if (top > before) arena.allocate(top - before - takenBytes(0));
  let weightMatrices = 0;
  let listed = 0;
  return architecture.layers.map((layer, index) => {
    const found = networks[placeOf[index] ?? 0];
    if (found === undefined) throw new RangeError(`there is no layer ${index}`);
    const first = weightMatrices;
    const parameters = found.network.parameters.map((parameter) => {
      const own = whole?.parameters[listed++];
      if (own !== undefined) return own;
      if (parameter.weightIndex === null) return parameter;
      weightMatrices = Math.max(weightMatrices, first + parameter.weightIndex + 1);
      return { ...parameter, weightIndex: first + parameter.weightIndex };
    });
    return {
      network: { ...found.network, parameters },
      workspace: found.workspace,
      shape: shapes[index] ?? inputShape(architecture.input),
      kind: layer.kind,
      biases: parameters.flatMap(({ kind, matrix }) => (kind === 'biases' ? [matrix] : [])),
      normalizes: parameters.some(({ kind }) => kind === 'gamma'),
    };
  });
}

/** Floats of a batch between two layers. */
export function streamFloats(shape: ImageShape): number {
  return shape.batch * imagesAt(shape, 0).imageStride;
}
