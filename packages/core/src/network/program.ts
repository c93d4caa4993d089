/**
 * An architecture as a list of steps: what a pass does one after another, blocks within blocks laid out flat. Everything between two
 * steps is a *value* with a number; value 0 is the input. Forward runs the steps in order, backward in the reverse order.
 */
import type { Activation, Architecture, Layer, Residual, TensorShape } from '../architecture/architecture.js';
import {
  convolutionOf,
  inputShape,
  isFlat,
  type LayerFans,
  layerFans,
  outputShape,
  poolOf,
  projectionOf,
} from '../architecture/layer-shapes.js';
import { type Convolution, convolutionGeometry } from '../convolution/geometry.js';
import { globalPool, type Pool } from '../convolution/pooling.js';
import { type Border, noBorder, widerBorder } from '../tensor/images.js';

/** A parameter without its numbers. */
export interface ParameterShape {
  /** Where it stands: `layers.2.branch.0.weights`. */
  readonly name: string;
  /** `scale`: the learned scale of a residual branch. `gamma`, `beta`: of a batch normalization. */
  readonly kind: 'weights' | 'biases' | 'gamma' | 'beta' | 'scale';
  readonly rows: number;
  readonly columns: number;
  /** Of weights, and of biases those of the weights they stand beside; `null` for the others. */
  readonly fans: LayerFans | null;
  /** Weight matrices are counted from 0 through the whole network, a branch before its projection; biases share the number. */
  readonly weightIndex: number | null;
  /** What it starts from unless an initializer says otherwise: 0, 1 for gamma, the stated number for a scale. */
  readonly initial: number;
}

/** A parameter by its place in the list. */
export type ParameterIndex = number;

/** One step of a pass: reads values, writes the value `output`. */
export type Step = { readonly output: number; readonly input: number; readonly place: LayerPlace | null } & (
  | {
      readonly kind: 'dense';
      readonly weights: ParameterIndex;
      readonly biases: ParameterIndex | null;
      readonly activation: Activation;
    }
  | {
      readonly kind: 'conv2d';
      readonly convolution: Convolution;
      readonly weights: ParameterIndex;
      readonly biases: ParameterIndex | null;
      readonly activation: Activation;
    }
  | { readonly kind: 'pool'; readonly method: 'average' | 'max'; readonly pool: Pool }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'activation'; readonly activation: Activation }
  | { readonly kind: 'batch-normalization'; readonly gamma: ParameterIndex; readonly beta: ParameterIndex }
  | {
      /** output ← shortcut + scale · input. */
      readonly kind: 'sum';
      readonly shortcut: number;
      readonly scale: number | { readonly parameter: ParameterIndex };
    }
);

/** Which layer a value comes out of. */
export interface LayerPlace {
  /** As in errors: `layers[3]`, `layers[3].branch[0]`. */
  readonly path: string;
  readonly kind: Layer['kind'];
  /** Index among the architecture's layers: that of the outermost block. */
  readonly layer: number;
  /** Blocks it stands in; 0 for the architecture's own layers. */
  readonly nested: number;
}

/** What stands between steps: its shape, and the border its memory has for those who read it and its gradient. */
export interface Value {
  readonly shape: TensorShape;
  readonly border: Border;
  /** The last step that reads it; −1 for the output of the network. */
  readonly lastReader: number;
}

export interface Program {
  readonly architecture: Architecture;
  readonly values: readonly Value[];
  readonly steps: readonly Step[];
  readonly parameters: readonly ParameterShape[];
}

interface Draft {
  readonly values: { shape: TensorShape; border: Border; lastReader: number }[];
  readonly steps: Step[];
  readonly parameters: ParameterShape[];
  weightMatrices: number;
}

/**
 * The steps of an architecture.
 *
 * @throws InvalidArgumentError when a layer cannot read the shape before it
 */
export function compileArchitecture(architecture: Architecture): Program {
  const draft: Draft = { values: [], steps: [], parameters: [], weightMatrices: 0 };
  addValue(draft, inputShape(architecture.input));
  compileLayers(draft, architecture.layers, 0, { path: 'layers', nested: 0, layer: null });
  draft.steps.forEach((step, index) => {
    for (const read of valuesRead(step)) Object.assign(draftOf(draft, read), { lastReader: index });
    if (step.kind !== 'conv2d') return;
    const [x, y] = [draftOf(draft, step.input), draftOf(draft, step.output)];
    const geometry = convolutionGeometry(step.convolution, x.shape.height, x.shape.width);
    x.border = widerBorder(x.border, geometry.border);
    y.border = widerBorder(y.border, geometry.gradientBorder);
  });
  const { values, steps, parameters } = draft;
  return { architecture, values, steps, parameters };
}

/** Every parameter of an architecture, in order: weights before biases, the first layer first. */
export function listParameters(architecture: Architecture): readonly ParameterShape[] {
  return compileArchitecture(architecture).parameters;
}

/** How many numbers an architecture learns. */
export function countParameters(architecture: Architecture): number {
  return listParameters(architecture).reduce((sum, { rows, columns }) => sum + rows * columns, 0);
}

/** The values a step reads. */
export function valuesRead(step: Step): readonly number[] {
  return step.kind === 'sum' ? [step.input, step.shortcut] : [step.input];
}

interface Around {
  readonly path: string;
  readonly nested: number;
  /** `null` among the architecture's own layers. */
  readonly layer: number | null;
}

/** Lays layers out behind value `input`; returns the last one's value. */
function compileLayers(draft: Draft, layers: readonly Layer[], input: number, around: Around): number {
  return layers.reduce((before, layer, index) => {
    const place: LayerPlace = {
      path: `${around.path}[${index}]`,
      kind: layer.kind,
      layer: around.layer ?? index,
      nested: around.nested,
    };
    return compileLayer(draft, layer, before, place);
  }, input);
}

function compileLayer(draft: Draft, layer: Layer, input: number, place: LayerPlace): number {
  const { path } = place;
  const { shape } = draftOf(draft, input);
  if (layer.kind === 'residual') return compileResidual(draft, layer, input, place);
  const output = addValue(draft, outputShape('compileArchitecture', layer, shape, path));
  const base = { input, output, place };
  const { steps } = draft;
  switch (layer.kind) {
    case 'dense':
    case 'conv2d': {
      const convolutional = layer.kind === 'conv2d';
      const fans = convolutional
        ? layerFans(shape.channels, layer.filters, layer.kernel)
        : layerFans(shape.channels, layer.units);
      const rest = { ...base, ...addWeights(draft, path, fans, true), activation: layer.activation };
      if (convolutional) steps.push({ ...rest, kind: 'conv2d', convolution: convolutionOf(layer) });
      else steps.push({ ...rest, kind: 'dense' });
      break;
    }
    case 'average-pool':
    case 'max-pool':
      steps.push({
        ...base,
        kind: 'pool',
        method: layer.kind === 'max-pool' ? 'max' : 'average',
        pool: poolOf(layer),
      });
      break;
    case 'global-average-pool':
      steps.push({ ...base, kind: 'pool', method: 'average', pool: globalPool(shape) });
      break;
    case 'flatten':
      steps.push({ ...base, kind: 'flatten' });
      break;
    case 'activation':
      steps.push({ ...base, kind: 'activation', activation: layer.activation });
      break;
    case 'batch-normalization': {
      const row = { rows: 1, columns: shape.channels, fans: null, weightIndex: null };
      const gamma = addParameter(draft, { ...row, name: nameOf(path, 'gamma'), kind: 'gamma', initial: 1 });
      const beta = addParameter(draft, { ...row, name: nameOf(path, 'beta'), kind: 'beta', initial: 0 });
      steps.push({ ...base, kind: 'batch-normalization', gamma, beta });
    }
  }
  return output;
}

function compileResidual(draft: Draft, layer: Residual, input: number, place: LayerPlace): number {
  const { path, nested } = place;
  const branch = compileLayers(draft, layer.branch, input, {
    path: `${path}.branch`,
    nested: nested + 1,
    layer: place.layer,
  });
  const { shape } = draftOf(draft, branch);
  // Checks the shortcut, too.
  const output = outputShape('compileArchitecture', layer, draftOf(draft, input).shape, path);
  const shortcut = layer.shortcut === 'identity' ? input : compileProjection(draft, input, shape, path);
  const scale =
    typeof layer.scale === 'number'
      ? layer.scale
      : {
          parameter: addParameter(draft, {
            name: nameOf(path, 'scale'),
            kind: 'scale',
            rows: 1,
            columns: 1,
            fans: null,
            weightIndex: null,
            initial: layer.scale.learned,
          }),
        };
  const sum = addValue(draft, output);
  draft.steps.push({ kind: 'sum', input: branch, shortcut, scale, output: sum, place });
  return sum;
}

function compileProjection(draft: Draft, input: number, shape: TensorShape, path: string): number {
  const from = draftOf(draft, input).shape;
  const fans = layerFans(from.channels, shape.channels);
  const output = addValue(draft, shape);
  const weights = addWeights(draft, `${path}.shortcut`, fans, false);
  const base = { input, output, place: null, ...weights, activation: 'linear' as const };
  const convolution = projectionOf(from, shape);
  if (convolution === null || (isFlat(from) && isFlat(shape))) draft.steps.push({ ...base, kind: 'dense' });
  else draft.steps.push({ ...base, kind: 'conv2d', convolution });
  return output;
}

function addWeights(draft: Draft, path: string, fans: LayerFans, biased: boolean) {
  const weightIndex = draft.weightMatrices++;
  const { fanIn: rows, units: columns } = fans;
  const shape = { columns, fans, weightIndex, initial: 0 };
  const weights = addParameter(draft, { ...shape, rows, name: nameOf(path, 'weights'), kind: 'weights' });
  if (!biased) return { weights, biases: null };
  const biases = addParameter(draft, { ...shape, rows: 1, name: nameOf(path, 'biases'), kind: 'biases' });
  return { weights, biases };
}

function addParameter(draft: Draft, parameter: ParameterShape): ParameterIndex {
  return draft.parameters.push(parameter) - 1;
}

function addValue(draft: Draft, shape: TensorShape): number {
  return draft.values.push({ shape, border: noBorder, lastReader: -1 }) - 1;
}

function draftOf(draft: Draft, value: number): Draft['values'][number] {
  const found = draft.values[value];
  if (found === undefined) throw new RangeError(`compileArchitecture: there is no value ${value}`);
  return found;
}

/** `layers[2].branch[0]` becomes `layers.2.branch.0.weights`. */
function nameOf(path: string, parameter: string): string {
  return `${path.replaceAll('[', '.').replaceAll(']', '')}.${parameter}`;
}
