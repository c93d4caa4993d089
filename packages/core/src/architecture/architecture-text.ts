/** Architectures in words, for headlines, and in the shorthand they can be asked for with. */

import type { Activation, Architecture, ArchitectureInput, Layer } from './architecture.js';
import type { ResidualSizes } from './build-architecture.js';
import { countOf, countText } from './count-text.js';
import { describeShape, inputShape, isFlat } from './layer-shapes.js';
import { convolutionalSizesOf, denseSizesOf, residualSizesOf } from './recognize-architecture.js';
import { type ResidualScaleRule, residualScales } from './residual-scales.js';
import { type ResidualScaling, scaleRuleText } from './scale-shorthand.js';
import { repeatsText } from './shorthand-parts.js';

/**
 * An architecture in short words: `30 ReLU modules of width 5, η_l = 0.75^l`; `32 × 32 × 3 → 50 convolutions of 10 channels, 3 × 3,
 * zero padding`; `784 inputs → 50 ReLU layers of 100 → 10 outputs`; of what belongs to no family the kinds of layers.
 *
 * @param scale the rule of a residual net's scales, where it is known: 0.1 ten times over is 1/√100, too
 */
export function architectureText(architecture: Architecture, scale?: ResidualScaleRule): string {
  return (
    residualText(architecture, scale) ??
    convolutionalText(architecture) ??
    denseText(architecture) ??
    layersText(architecture)
  );
}

/** The values that `parseResidualShorthand` or `parseConvolutionalShorthand` make the same architecture of. */
export type ArchitectureShorthand =
  | {
      readonly family: 'residual';
      /** Such as `5*30`. */
      readonly modules: string;
      readonly module: 'relu' | 'linear';
      /** As `scaleRuleText` writes it. */
      readonly scale: string;
      /** Units of a linear layer behind; 0 for none. */
      readonly outputs: number;
    }
  | {
      readonly family: 'convolutional';
      /** Such as `32x32x3,10*50`. */
      readonly layers: string;
      /** Such as `3x3`. */
      readonly kernel: string;
      readonly stride: number;
      readonly padding: 'zero' | 'circular' | 'valid';
      /** Units of a linear layer behind a global average; 0 for neither. */
      readonly outputs: number;
    }
  | {
      readonly family: 'dense';
      /** Such as `784,100*50`. */
      readonly widths: string;
      readonly outputs: number;
    };

/**
 * The shorthand of an architecture.
 *
 * @returns null where there is none: other layers, a residual net with a layer in front, or learned scales that are neither 0
 *   nor 1, convolutions with another activation than ReLU or behind which images are flattened
 */
export function architectureShorthand(architecture: Architecture): ArchitectureShorthand | null {
  const residual = residualSizesOf(architecture);
  if (residual !== null && residual.inputLayer === undefined) {
    const { module, width, modules, outputs = 0 } = residual;
    const scaling = scalingOf(residual);
    if (scaling === null) return null;
    return {
      family: 'residual',
      modules: repeatsText(new Array<string>(modules).fill(String(width))),
      module,
      scale: scaleRuleText(scaling),
      outputs,
    };
  }
  const sizes = convolutionalSizesOf(architecture);
  if (sizes !== null && sizes.activation === 'relu' && sizes.head?.kind !== 'flatten') {
    const { input, filters, kernel, stride, padding, head } = sizes;
    return {
      family: 'convolutional',
      layers: `${input.height}x${input.width}x${input.channels},${repeatsText(filters.map(String))}`,
      kernel: kernel.join('x'),
      stride,
      padding,
      outputs: head?.outputs ?? 0,
    };
  }
  const dense = denseSizesOf(architecture);
  if (dense === null) return null;
  return { family: 'dense', widths: repeatsText(dense.widths.map(String)), outputs: dense.outputs };
}

/** What the scales are called; null where no shorthand says it, which knows no negative ones. */
function scalingOf({ scale, learned, modules }: ResidualSizes): ResidualScaling | null {
  if (residualScales(scale, modules).some((eta) => eta < 0)) return null;
  if (learned !== true) return { rule: scale, learned: false };
  if (scale.rule !== 'constant' || (scale.value !== 0 && scale.value !== 1)) return null;
  return { rule: scale, learned, method: scale.value === 0 ? 'rezero' : 'fixup' };
}

function residualText(architecture: Architecture, scale?: ResidualScaleRule): string | null {
  const found = residualSizesOf(architecture);
  if (found === null) return null;
  const sizes = scale === undefined ? found : { ...found, scale };
  const { module, width, modules, inputLayer, outputs = 0 } = sizes;
  const kind = module === 'relu' ? 'ReLU module' : 'linear-ending module';
  return [
    ...(inputLayer === undefined
      ? []
      : [`${countOf(inputLayer.inputs, 'input')} → ${activationText(inputLayer.activation)} layer`]),
    `${countOf(modules, kind)} of width ${countText(width)}, ${etaText(sizes)}`,
    ...headText(outputs),
  ].join(' → ');
}

/** Such as `η_l = 0.75^l`; long lists by their ends. */
function etaText({ scale, learned = false }: ResidualSizes): string {
  const start = learned ? ' at the start, learned' : '';
  switch (scale.rule) {
    case 'constant':
      return `η = ${scale.value}${start}`;
    case 'power':
      return `η_l = ${scale.base}^l${start}`;
    case 'inverse-modules':
      return `η = 1/L${start}`;
    case 'inverse-root-modules':
      return `η = 1/√L${start}`;
    case 'list': {
      const all = scale.values.length <= 4;
      const shown = all ? scale.values : [...scale.values.slice(0, 2), '…', scale.values.at(-1) ?? 0];
      return `η = ${shown.join(', ')}${start}`;
    }
  }
}

function convolutionalText(architecture: Architecture): string | null {
  const sizes = convolutionalSizesOf(architecture);
  if (sizes === null) return null;
  const { input, filters, kernel, stride, padding, activation, head } = sizes;
  const [first = 0] = filters;
  const channels = filters.every((count) => count === first)
    ? `of ${countOf(first, 'channel')}`
    : `of channels ${repeatsText(filters.map(String))}`;
  const details = [
    `${kernel[0]} × ${kernel[1]}`,
    `${padding === 'valid' ? 'no' : padding} padding`,
    ...(stride === 1 ? [] : [`stride ${stride}`]),
    ...(activation === 'relu' ? [] : [activationText(activation)]),
  ];
  return [
    inputText(input),
    `${countOf(filters.length, 'convolution')} ${channels}, ${details.join(', ')}`,
    ...(head === undefined
      ? []
      : [head.kind === 'flatten' ? 'flatten' : 'global average pool', ...headText(head.outputs)]),
  ].join(' → ');
}

function denseText(architecture: Architecture): string | null {
  const sizes = denseSizesOf(architecture);
  if (sizes === null) return null;
  const [input = 0, ...widths] = sizes.widths;
  const [first = 0] = widths;
  const same = widths.every((width) => width === first);
  const shape = same ? ` of ${countText(first)}` : `: ${repeatsText(widths.map(String))}`;
  return [
    countOf(input, 'input'),
    `${countOf(widths.length, 'ReLU layer')}${shape}`,
    ...headText(sizes.outputs),
  ].join(' → ');
}

const kindTexts: Readonly<Record<Layer['kind'], readonly [one: string, many: string]>> = {
  dense: ['dense layer', 'dense layers'],
  conv2d: ['convolution', 'convolutions'],
  'average-pool': ['average pool', 'average pools'],
  'max-pool': ['max pool', 'max pools'],
  'global-average-pool': ['global average pool', 'global average pools'],
  flatten: ['flatten', 'flattens'],
  activation: ['activation', 'activations'],
  'batch-normalization': ['batch normalization', 'batch normalizations'],
  residual: ['residual block', 'residual blocks'],
};

/** Layers that one phrase counts. */
interface Stretch {
  readonly kind: Layer['kind'];
  /** Of the layers or of what is inside them, such as `ReLU`; empty where there is none. */
  readonly activations: string;
  count: number;
}

/** Neighbors of one kind and activation together, in their order; of many stretches how many layers of each. */
function layersText({ input, layers }: Architecture): string {
  const stretches: Stretch[] = [];
  const all = new Map<string, Stretch>();
  for (const layer of layers) {
    const { kind } = layer;
    const activations = [...new Set(activationsOf(layer))].join(', ');
    const last = stretches.at(-1);
    if (last?.kind === kind && last.activations === activations) last.count += 1;
    else stretches.push({ kind, activations, count: 1 });
    const key = `${kind} ${activations}`;
    const known = all.get(key) ?? { kind, activations, count: 0 };
    known.count += 1;
    all.set(key, known);
  }
  const text = ({ kind, activations, count }: Stretch) =>
    `${countOf(count, ...kindTexts[kind])}${activations === '' ? '' : ` (${activations})`}`;
  if (stretches.length <= 8) return [inputText(input), ...stretches.map(text)].join(' → ');
  const kinds = [...all.values()].map(text);
  return `${inputText(input)} → ${countOf(layers.length, 'layer')}: ${kinds.join(', ')}`;
}

function inputText(input: ArchitectureInput): string {
  const shape = inputShape(input);
  return isFlat(shape) ? countOf(shape.channels, 'input') : describeShape(shape);
}

function headText(outputs: number): readonly string[] {
  return outputs === 0 ? [] : [countOf(outputs, 'output')];
}

/** Its own, or those of a branch in their order. */
function activationsOf(layer: Layer): readonly string[] {
  if (layer.kind === 'residual') return layer.branch.flatMap(activationsOf);
  return 'activation' in layer ? [activationText(layer.activation)] : [];
}

function activationText(activation: Activation): string {
  if (activation === 'relu') return 'ReLU';
  return activation === 'linear' ? 'linear' : `leaky ReLU of slope ${activation.slope}`;
}
