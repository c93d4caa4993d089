/**
 * Role and order of axes from names and shapes, for files that tell no graph. PyTorch says `weight` and stores units first; Keras,
 * Flax and TensorFlow say `kernel`, `filters` or `weights` and store units last. A bias beside a matrix tells which axis the units
 * are where only one fits.
 */
import type { TensorLayout, TensorRole } from '../model/model-tensor.js';

export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface TensorClass {
  readonly role: TensorRole;
  readonly layout: TensorLayout | null;
  /** All of the name before its last part; `null` if it has one part. */
  readonly layer: string | null;
}

type Kernel = readonly [TensorRole, TensorLayout];

/** By rank, from 2. */
const unitsFirst: readonly Kernel[] = [
  ['dense-kernel', 'out-in'],
  ['conv-kernel', 'OIW'],
  ['conv-kernel', 'OIHW'],
  ['conv-kernel', 'OIDHW'],
];
const unitsLast: readonly Kernel[] = [
  ['dense-kernel', 'in-out'],
  ['conv-kernel', 'WIO'],
  ['conv-kernel', 'HWIO'],
  ['conv-kernel', 'DHWIO'],
];

const normalizing = /^(gamma|beta|scale|mean|var|moving_(mean|variance)|running_(mean|var))$/;

/** In the order of the tensors. */
export function classifyTensors(tensors: readonly NamedShape[]): readonly TensorClass[] {
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]));
  return tensors.map(({ name, shape }) => {
    const { layer, separator, variable } = splitName(name);
    const sibling = (other: string) => shapes.get(`${layer ?? ''}${separator}${other}`);
    const [role, layout] = classify(layer ?? '', variable, shape, sibling);
    return { role, layout, layer };
  });
}

/** `encoder.0.weight` → `encoder.0`, `.`, `weight`; `dense/kernel:0` → `dense`, `/`, `kernel`. */
function splitName(name: string) {
  const at = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'));
  return {
    layer: at < 1 ? null : name.slice(0, at),
    separator: at < 0 ? '' : name.slice(at, at + 1),
    variable: name.slice(at + 1).replace(/:\d+$/, ''),
  };
}

/** Numbers along one axis; of gated recurrent layers in Keras also two rows. Tables of position biases and matrices named `b` are none. */
function isBiasShape(shape: readonly number[]): boolean {
  return shape.filter((size) => size > 1).length <= 1 || (shape.length === 2 && shape[0] === 2);
}

function classify(
  layer: string,
  variable: string,
  shape: readonly number[],
  sibling: (variable: string) => readonly number[] | undefined,
): readonly [TensorRole, TensorLayout | null] {
  const rank = shape.length;
  if (normalizing.test(variable)) return ['normalization', null];
  if (/(^|_)bias(_|$)|^b$/.test(variable)) {
    if (!isBiasShape(shape)) return ['other', null];
    return (sibling('weight')?.length ?? 2) === 1 ? ['normalization', null] : ['bias', null];
  }
  if (/^embeddings?$/.test(variable)) return ['embedding', null];
  const isWeight = /(^|_)weight(_|$)/.test(variable);
  const isKernel = /(^|_)(kernel|filters?|weights|w)$/.test(variable);
  if (!isWeight && !isKernel) return ['other', null];
  if (rank === 1 && isWeight) return ['normalization', null];
  if (rank < 2 || rank > 5) return ['other', null];
  // The last part only: `time_embedding.linear_1` is a dense layer of an embedding of another kind.
  if (isWeight && rank === 2 && /embed|(^|_)(wte|wpe)$/i.test(layer.split(/[./]/).at(-1) ?? ''))
    return ['embedding', null];
  if (/^depthwise/.test(variable)) return rank === 4 ? ['depthwise-kernel', 'HWIM'] : ['other', null];
  // A depthwise kernel of PyTorch has one input channel per group, as a plain one of gray images has: the name decides.
  const depthwise = isWeight && rank === 4 && shape[1] === 1 && /depthwise|(^|[._])dw/i.test(layer);
  if (depthwise) return ['depthwise-kernel', 'OIHW'];
  if (rank === 2) {
    const [units] = sibling('bias') ?? sibling('biases') ?? [];
    const [first, second] = shape;
    if (units !== undefined && first !== second) {
      if (units === first) return ['dense-kernel', 'out-in'];
      if (units === second) return ['dense-kernel', 'in-out'];
    }
  }
  return (isWeight ? unitsFirst : unitsLast)[rank - 2] ?? ['other', null];
}
