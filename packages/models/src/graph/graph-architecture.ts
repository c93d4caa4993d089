/** From a graph to an architecture the core runs: a chain of layers, with residual blocks where a value forks and is added again. */
import {
  type Architecture,
  type ArchitectureInput,
  InvalidArgumentError,
  inputShape,
  type Layer,
  layerShapes,
  parseArchitecture,
  type TensorShape,
} from '@kindling/core';
import { printableName } from '../errors/printable-name.js';
import type { ModelArchitecture, OpenModelOptions, ParameterMapping } from '../model/model.js';
import type { ModelTensor } from '../model/model-tensor.js';
import { architectureInput } from './architecture-input.js';
import { type GraphIndex, indexGraph } from './graph-index.js';
import { kernelMapping, rowMapping } from './kernel-mapping.js';
import type { GraphKernel, GraphNode, LayerOfShape, ModelGraph } from './model-graph.js';
import { Obstacle } from './obstacle.js';

/** An architecture or the reason why there is none, in `notes`. */
export interface GraphReading {
  readonly architecture: ModelArchitecture | null;
  readonly notes: readonly string[];
}

/** Deepest nesting of forks; the core takes no deeper one. */
const mostNested = 16;

interface Draft {
  readonly index: GraphIndex;
  readonly tensors: ReadonlyMap<string, ModelTensor>;
  readonly channelsFirst: boolean;
  readonly parameters: ParameterMapping[];
  readonly layerNames: Map<string, string>;
  /** Tensor → the layer that has it as its weights or biases. */
  readonly owners: Map<string, string>;
  readonly notes: string[];
  withoutBiases: number;
  readonly normalizesByBatch: boolean;
}

/** Layers one after another, as far as they were walked. */
interface Chain {
  readonly path: string;
  readonly depth: number;
  readonly layers: Layer[];
  shape: TensorShape;
  /** Shape of the images that the rows at hand are made of, channels first; `null` for any other order. */
  flattened: TensorShape | null;
  /** Whether the last layer has weights and a bias; what may follow is taken into it. `null`: the last one has none. */
  weighted: { biased: boolean } | null;
}

/**
 * Understands chains, and forks into a branch and either nothing or one convolution of a pixel (or dense layer) without biases,
 * which an addition joins. A softmax or sigmoid at the end is left to the loss.
 *
 * @param options `input` for sizes that the file leaves open
 * @throws ModelFormatError for a graph that contradicts itself or its tensors
 * @throws InvalidArgumentError for an `input` that contradicts the file
 */
export function graphArchitecture(
  graph: ModelGraph,
  tensors: readonly ModelTensor[],
  options: OpenModelOptions = {},
): GraphReading {
  const index = indexGraph(graph);
  const draft: Draft = {
    index,
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    channelsFirst: graph.channelsFirst,
    parameters: [],
    layerNames: new Map(),
    owners: new Map(),
    notes: [...index.notes],
    withoutBiases: 0,
    normalizesByBatch: options.batchNormalization === 'by-batch',
  };
  try {
    const architecture = parseArchitecture(walkGraph(draft, options.input));
    const { parameters, layerNames, notes, withoutBiases } = draft;
    if (withoutBiases > 0) {
      const which = withoutBiases === 1 ? '1 layer has' : `${withoutBiases} layers have`;
      notes.push(`${which} no biases in the file; the network has zeros there.`);
    }
    return { architecture: { architecture, parameters, layerNames }, notes };
  } catch (error) {
    if (error instanceof Obstacle) {
      const note = `The network cannot be run: layer ${printableName(error.node)} ${error.reason}.`;
      return { architecture: null, notes: [...draft.notes, note] };
    }
    if (error instanceof InvalidArgumentError && error.message.startsWith('parseArchitecture')) {
      const note = `The network cannot be run: ${error.message}.`;
      return { architecture: null, notes: [...draft.notes, note] };
    }
    throw error;
  }
}

function walkGraph(draft: Draft, given: ArchitectureInput | undefined): Architecture {
  const { inputs, outputs, nodes } = draft.index;
  // Named before anything that its being there makes look wrong.
  for (const { name, operation } of nodes.values()) {
    if (operation.kind === 'unsupported') throw new Obstacle(name, operation.reason);
    if (operation.kind === 'normalization' && !draft.normalizesByBatch) {
      throw new Obstacle(name, storedStatistics);
    }
  }
  const [input, second] = inputs;
  if (input === undefined) throw new Obstacle('input', 'is missing: the graph reads nothing');
  if (second !== undefined) throw new Obstacle(second.name, 'is a second input');
  if (new Set(outputs).size !== 1) {
    throw new Obstacle(outputs[1] ?? 'the last', `is one of ${outputs.length} outputs; one can be run`);
  }
  const [output = ''] = outputs;
  const size = architectureInput(input, given);
  const chain = newChain('layers', 0, inputShape(size), null);
  walk(draft, chain, input.name, null, output, null);
  if (chain.layers.length === 0) throw new Obstacle(output, 'is the input itself');
  if (chain.flattened !== null) {
    draft.notes.push(
      'The network ends with flattened images: its outputs are channels last, those of the file channels first.',
    );
  }
  return { input: size, layers: chain.layers };
}

function newChain(path: string, depth: number, shape: TensorShape, flattened: TensorShape | null): Chain {
  return { path, depth, layers: [], shape, flattened, weighted: null };
}

/**
 * Appends what follows `value` to the chain.
 *
 * @param first the reader to go to where `value` forks; `null` to treat a fork as a residual block
 * @param stop the addition before which to stop, or the output
 * @returns the last value
 */
function walk(
  draft: Draft,
  chain: Chain,
  value: string,
  first: GraphNode | null,
  stop: string,
  join: GraphNode | null,
): string {
  let current = value;
  let next = first;
  for (;;) {
    const readers = next === null ? (draft.index.readers.get(current) ?? []) : [next];
    next = null;
    if (join === null && current === stop) {
      if (readers.length > 0) throw new Obstacle(stop, 'is an output and read by other layers');
      return current;
    }
    const [reader, second] = readers;
    if (reader === undefined) throw new Obstacle(current, 'leads nowhere');
    if (second !== undefined) {
      if (readers.length > 2) throw new Obstacle(current, `is read by ${readers.length} layers`);
      current = appendBlock(draft, chain, current, reader, second);
    } else if (reader.operation.kind === 'add') {
      if (reader.name === join?.name) return current;
      throw new Obstacle(reader.name, 'adds what does not fork just before');
    } else {
      append(draft, chain, reader, current, stop);
      current = reader.name;
    }
  }
}

/** A residual block; returns the addition that ends it. */
function appendBlock(draft: Draft, chain: Chain, value: string, a: GraphNode, b: GraphNode): string {
  if (chain.depth >= mostNested)
    throw new Obstacle(value, `forks more than ${mostNested} times inside each other`);
  const fork = forkOf(draft, a, b, chain.shape);
  if (fork === null) throw new Obstacle(value, 'forks into two layers of which none is a shortcut');
  const { join, projection, branch } = fork;
  const path = `${chain.path}[${chain.layers.length}]`;
  const { flattened } = chain;
  const inner = newChain(`${path}.branch`, chain.depth + 1, chain.shape, flattened);
  const end = walk(draft, inner, value, branch, join.name, join);
  const expected = [projection?.name ?? value, end].sort().join('\n');
  if (join.inputs.length !== 2 || [...join.inputs].sort().join('\n') !== expected) {
    throw new Obstacle(join.name, 'adds other values than a shortcut and its branch');
  }
  if (inner.layers.length === 0) throw new Obstacle(join.name, 'adds a value to itself');
  // Both summands must have one order; a shortcut that is an identity keeps that of the rows, a projection gives the file's.
  if ((projection === null ? flattened : null) !== inner.flattened) {
    throw new Obstacle(
      join.name,
      'adds flattened images, whose order the core has otherwise, to the output of a layer',
    );
  }
  if (projection !== null) mapProjection(draft, projection, chain, inner.shape, path);
  const shortcut = projection === null ? 'identity' : 'projection';
  push(draft, chain, join, { kind: 'residual', branch: inner.layers, scale: 1, shortcut });
  chain.flattened = inner.flattened;
  return join.name;
}

function forkOf(draft: Draft, a: GraphNode, b: GraphNode, from: TensorShape) {
  const ways = [
    [a, b],
    [b, a],
  ] as const;
  for (const [join, branch] of ways) {
    if (join.operation.kind === 'add' && branch.operation.kind !== 'add')
      return { join, projection: null, branch };
  }
  const projected = ways.flatMap(([projection, branch]) => {
    const readers = draft.index.readers.get(projection.name) ?? [];
    const [join] = readers;
    const ends = readers.length === 1 && join?.operation.kind === 'add';
    return ends && projection.operation.kind === 'weighted' ? [{ join, projection, branch }] : [];
  });
  // Of two single layers the one that can be a shortcut is; if none can, the first says why.
  return (
    projected.find(({ projection }) => whyNoProjection(projection, from) === null) ?? projected[0] ?? null
  );
}

/** Why a node cannot be a projection, in words for an obstacle; `null` if it can. */
function whyNoProjection(node: GraphNode, from: TensorShape): string | null {
  const { operation } = node;
  if (operation.kind !== 'weighted') return 'is a shortcut without weights';
  const layer = resolve(node, operation.layer, from);
  const plain = (layer.kind === 'dense' || layer.kind === 'conv2d') && layer.activation === 'linear';
  if (!plain || (layer.kind === 'conv2d' && layer.kernel[0] * layer.kernel[1] !== 1)) {
    return 'is a shortcut that is more than a convolution of one pixel';
  }
  return operation.bias === null ? null : 'is a shortcut with biases';
}

function mapProjection(
  draft: Draft,
  node: GraphNode,
  { shape: from, flattened }: Pick<Chain, 'shape' | 'flattened'>,
  to: TensorShape,
  path: string,
): void {
  const { operation } = node;
  if (operation.kind !== 'weighted') throw new RangeError('a projection has weights');
  const why = whyNoProjection(node, from);
  if (why !== null) throw new Obstacle(node.name, why);
  const layer = resolve(node, operation.layer, from);
  if (layer.kind !== 'dense' && layer.kind !== 'conv2d') throw new RangeError('a projection has weights');
  if (layer.kind === 'conv2d') {
    for (let stride = 1; stride < layer.stride; stride++) {
      const same =
        Math.ceil(from.height / stride) === to.height && Math.ceil(from.width / stride) === to.width;
      if (same)
        throw new Obstacle(node.name, `is a shortcut of stride ${layer.stride} where ${stride} would do`);
    }
  }
  const units = layer.kind === 'dense' ? layer.units : layer.filters;
  draft.layerNames.set(`${path}.shortcut`, node.name);
  addKernel(draft, node, operation.kernel, `${path}.shortcut`, {
    from,
    units,
    extent: [1, 1],
    flattened,
  });
}

/** Appends a node that reads only the chain's end. */
function append(draft: Draft, chain: Chain, node: GraphNode, before: string, output: string): void {
  const { operation } = node;
  if (node.inputs.length !== 1) throw new Obstacle(node.name, `reads ${node.inputs.length} layers`);
  switch (operation.kind) {
    case 'weighted':
      appendWeighted(draft, chain, node);
      return;
    case 'plain': {
      const layer = resolve(node, operation.layer, chain.shape);
      if (layer.kind !== 'flatten' && chain.flattened !== null) {
        throw new Obstacle(node.name, 'takes flattened images for images');
      }
      // What is flat already stays as it is when it is flattened again.
      const images = chain.flattened ?? (isImage(chain.shape) && draft.channelsFirst ? chain.shape : null);
      push(draft, chain, node, layer);
      if (layer.kind === 'flatten') chain.flattened = images;
      return;
    }
    case 'activation': {
      const last = chain.layers.at(-1);
      if (operation.activation === 'linear') return;
      const takesIt =
        chain.weighted !== null &&
        (last?.kind === 'dense' || last?.kind === 'conv2d') &&
        last.activation === 'linear';
      if (takesIt) {
        chain.layers[chain.layers.length - 1] = { ...last, activation: operation.activation };
        chain.weighted = null;
        return;
      }
      const { flattened } = chain;
      push(draft, chain, node, { kind: 'activation', activation: operation.activation });
      chain.flattened = flattened;
      return;
    }
    case 'normalization':
      appendNormalization(draft, chain, node);
      return;
    case 'bias': {
      const units = chain.shape.channels;
      if (chain.weighted === null || chain.weighted.biased) {
        throw new Obstacle(node.name, 'adds biases to a layer that has none to add');
      }
      const path = `${chain.path}[${chain.layers.length - 1}]`;
      addBias(draft, node, operation.bias, path, units);
      draft.withoutBiases--;
      chain.weighted.biased = true;
      return;
    }
    case 'output-activation':
      if (node.name !== output) {
        throw new Obstacle(node.name, `is a ${operation.activation} before the end of the network`);
      }
      draft.notes.push(
        `The ${operation.activation} at the end (${printableName(node.name)}) is left to the loss: the network ends with what ${printableName(before)} gives.`,
      );
      return;
    case 'unsupported':
      throw new Obstacle(node.name, operation.reason);
    case 'input':
    case 'add':
    case 'identity':
      throw new Obstacle(node.name, `is no layer that reads one other`);
  }
}

const storedStatistics =
  'is a batch normalization, which uses stored statistics; the core normalizes by the batch at hand only';

const normalizedByBatch =
  'Batch normalizations take the statistics of the batch at hand, as every training does, with the gamma and beta of the file; the statistics that the file stores for answering are not used.';

function appendNormalization(draft: Draft, chain: Chain, node: GraphNode): void {
  const { operation } = node;
  if (operation.kind !== 'normalization') throw new RangeError('a normalization');
  const { axis, gamma, beta } = operation;
  const path = `${chain.path}[${chain.layers.length}]`;
  const last = isImage(chain.shape) ? 3 : 1;
  if (axis !== -1 && axis !== last)
    throw new Obstacle(node.name, `normalizes the axis ${axis}, not the channels`);
  if (chain.flattened !== null) throw new Obstacle(node.name, 'normalizes flattened images');
  push(draft, chain, node, { kind: 'batch-normalization' });
  for (const [kind, name] of [
    ['gamma', gamma],
    ['beta', beta],
  ] as const) {
    if (name === null) continue;
    draft.parameters.push(rowMapping(tensorOf(draft, node, name), path, kind, chain.shape.channels));
  }
  if (!draft.notes.includes(normalizedByBatch)) draft.notes.push(normalizedByBatch);
}

function appendWeighted(draft: Draft, chain: Chain, node: GraphNode): void {
  const { operation } = node;
  if (operation.kind !== 'weighted') throw new RangeError('a weighted node');
  const from = chain.shape;
  const layer = resolve(node, operation.layer, from);
  if (layer.kind !== 'dense' && layer.kind !== 'conv2d') {
    throw new Obstacle(node.name, `is a ${layer.kind} with a kernel`);
  }
  const path = `${chain.path}[${chain.layers.length}]`;
  const { flattened } = chain;
  if (layer.kind === 'conv2d' && flattened !== null) {
    throw new Obstacle(node.name, 'takes flattened images for images');
  }
  push(draft, chain, node, layer);
  const [units, extent] = layer.kind === 'dense' ? [layer.units, [1, 1]] : [layer.filters, layer.kernel];
  addKernel(draft, node, operation.kernel, path, {
    from,
    units,
    extent: extent as [number, number],
    flattened,
  });
  if (operation.bias === null) draft.withoutBiases++;
  else addBias(draft, node, operation.bias, path, units);
  if (layer.activation === 'linear') chain.weighted = { biased: operation.bias !== null };
}

interface KernelPlace {
  readonly from: TensorShape;
  readonly units: number;
  readonly extent: readonly [number, number];
  readonly flattened: TensorShape | null;
}

function addKernel(
  draft: Draft,
  node: GraphNode,
  kernel: GraphKernel,
  path: string,
  place: KernelPlace,
): void {
  const tensor = tensorOf(draft, node, kernel.tensor);
  const owner = draft.owners.get(tensor.name);
  // The core would train and measure the two as weights of their own.
  if (owner !== undefined) throw new Obstacle(node.name, `shares its weights with ${printableName(owner)}`);
  draft.owners.set(tensor.name, node.name);
  draft.parameters.push(
    kernelMapping(tensor, kernel.layout, path, { ...place, channels: place.from.channels }),
  );
}

/** Exporters write equal biases once, so that one tensor of several layers is no sign of layers that belong together. */
function addBias(draft: Draft, node: GraphNode, name: string, path: string, units: number): void {
  const tensor = tensorOf(draft, node, name);
  const owner = draft.owners.get(tensor.name);
  if (owner !== undefined) {
    draft.notes.push(
      `The biases of ${printableName(node.name)} are those of ${printableName(owner)} in the file; the network has them twice.`,
    );
  }
  draft.owners.set(tensor.name, owner ?? node.name);
  draft.parameters.push(rowMapping(tensor, path, 'biases', units));
}

/** Appends a layer; it must be able to read the chain's shape. */
function push(draft: Draft, chain: Chain, node: GraphNode, layer: Layer): void {
  try {
    const { height, width, channels } = chain.shape;
    const input = height === 1 && width === 1 ? { width: channels } : { height, width, channels };
    const [shape] = layerShapes({ input, layers: [layer] });
    if (shape !== undefined) chain.shape = shape;
  } catch (cause) {
    if (!(cause instanceof InvalidArgumentError)) throw cause;
    // The message begins with the function and the place in a list of one.
    throw new Obstacle(node.name, cause.message.replace(/^layerShapes: layers\[0\] /, ''));
  }
  draft.layerNames.set(`${chain.path}[${chain.layers.length}]`, node.name);
  chain.layers.push(layer);
  chain.flattened = null;
  chain.weighted = null;
}

/** Whether there is more than one pixel, so that the order of pixels and channels matters. */
function isImage({ height, width }: TensorShape): boolean {
  return height * width > 1;
}

function resolve(node: GraphNode, layer: Layer | LayerOfShape, shape: TensorShape): Layer {
  const found = typeof layer === 'function' ? layer(shape) : layer;
  if (typeof found === 'string') throw new Obstacle(node.name, found);
  return found;
}

function tensorOf(draft: Draft, node: GraphNode, name: string): ModelTensor {
  const found = draft.tensors.get(name);
  if (found === undefined)
    throw new Obstacle(node.name, `needs the tensor "${printableName(name)}", which the file does not hold`);
  return found;
}
