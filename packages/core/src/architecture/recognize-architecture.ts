/** Whether an architecture is of one of the usual families, and its few numbers if so: the inverse of the builders. */
import type { DenseArchitecture } from '../network/dense-network.js';
import type { Activation, Architecture, FullyConnected, Layer, Residual } from './architecture.js';
import type { ConvolutionalSizes, ResidualSizes } from './build-architecture.js';
import { type ResidualScaleRule, residualScales } from './residual-scales.js';

/**
 * The sizes of ReLU layers with a linear one behind, if any: what `denseArchitecture` builds.
 *
 * @returns null for any other architecture
 */
export function denseSizesOf({ input, layers }: Architecture): DenseArchitecture | null {
  if ('channels' in input) return null;
  const { body, outputs } = withoutHead(layers);
  const widths = body.map((layer) => (isDense(layer, 'relu') ? layer.units : 0));
  return widths.length === 0 || widths.includes(0) ? null : { widths: [input.width, ...widths], outputs };
}

/**
 * The sizes of identity-shortcut modules of one width and kind, with a layer in front and one behind if any: what
 * `residualArchitecture` builds. `learned` is always there.
 *
 * @returns null for any other architecture
 */
export function residualSizesOf({
  input,
  layers,
}: Architecture): (ResidualSizes & { readonly learned: boolean }) | null {
  if ('channels' in input) return null;
  const { body, outputs } = withoutHead(layers);
  const [first] = body;
  const inputLayer =
    first?.kind === 'dense'
      ? { inputs: input.width, activation: first.activation, units: first.units }
      : null;
  const blocks = inputLayer === null ? body : body.slice(1);
  const width = inputLayer?.units ?? input.width;
  const kinds = new Set<string>();
  const etas: number[] = [];
  for (const block of blocks) {
    if (block.kind !== 'residual' || block.shortcut !== 'identity') return null;
    const module = moduleOf(block, width);
    if (module === null) return null;
    kinds.add(`${module} ${typeof block.scale}`);
    etas.push(typeof block.scale === 'number' ? block.scale : block.scale.learned);
  }
  const [kind, ...others] = kinds;
  if (kind === undefined || others.length > 0) return null;
  return {
    module: kind.startsWith('relu') ? 'relu' : 'linear',
    width,
    modules: etas.length,
    scale: scaleRuleOf(etas),
    learned: kind.endsWith('object'),
    ...(inputLayer === null
      ? {}
      : { inputLayer: { inputs: inputLayer.inputs, activation: inputLayer.activation } }),
    ...(outputs === 0 ? {} : { outputs }),
  };
}

/**
 * The sizes of convolutions alike but for their channels, with a head if any: what `convolutionalArchitecture` builds. `stride` and
 * `activation` are always there.
 *
 * @returns null for any other architecture
 */
export function convolutionalSizesOf({
  input,
  layers,
}: Architecture): (ConvolutionalSizes & { readonly stride: number; readonly activation: Activation }) | null {
  if (!('channels' in input)) return null;
  const head = headOf(layers);
  const body = head === null ? layers : layers.slice(0, -2);
  const [first] = body;
  if (first?.kind !== 'conv2d') return null;
  const { kernel, padding, stride, activation } = first;
  const filters: number[] = [];
  for (const layer of body) {
    if (layer.kind !== 'conv2d') return null;
    filters.push(layer.filters);
    const same = { ...layer, filters: first.filters };
    if (JSON.stringify(same) !== JSON.stringify(first)) return null;
  }
  return { input, filters, kernel, padding, stride, activation, ...(head === null ? {} : { head }) };
}

/**
 * The shortest rule that gives exactly these scales: a constant where it is short in decimals, else 1/L and 1/√L where they fit,
 * powers, or the list.
 *
 * @param scales at least one
 */
export function scaleRuleOf(scales: readonly number[]): ResidualScaleRule {
  const [first = 0] = scales;
  const count = scales.length;
  const gives = (rule: ResidualScaleRule) =>
    residualScales(rule, count).every((scale, i) => scale === scales[i]);
  const constant: ResidualScaleRule = { rule: 'constant', value: first };
  if (gives(constant)) {
    // 1/3 is a rule that somebody chose, 0.5 is 0.5.
    if (String(first).length <= 6) return constant;
    const rules: readonly ResidualScaleRule[] = [
      { rule: 'inverse-modules' },
      { rule: 'inverse-root-modules' },
    ];
    return rules.find(gives) ?? constant;
  }
  // Not by `residualScales`, which refuses powers beyond the numbers.
  return powersFit(scales) ? { rule: 'power', base: first } : { rule: 'list', values: [...scales] };
}

function powersFit(scales: readonly number[]): boolean {
  const [base = 0] = scales;
  let power = 1;
  return scales.every((scale) => {
    power *= base;
    return scale === power;
  });
}

/** A linear layer at the end is a head; what is left, and its units. */
function withoutHead(layers: readonly Layer[]): {
  readonly body: readonly Layer[];
  readonly outputs: number;
} {
  const last = layers.at(-1);
  const isHead = layers.length > 1 && last !== undefined && isDense(last, 'linear');
  return isHead ? { body: layers.slice(0, -1), outputs: last.units } : { body: layers, outputs: 0 };
}

/** How images become flat and are read by a linear layer, where that is what the last two layers do. */
function headOf(layers: readonly Layer[]): NonNullable<ConvolutionalSizes['head']> | null {
  const [before, last] = layers.slice(-2);
  if (before === undefined || last === undefined || !isDense(last, 'linear')) return null;
  if (before.kind !== 'flatten' && before.kind !== 'global-average-pool') return null;
  return { kind: before.kind, outputs: last.units };
}

function moduleOf({ branch }: Residual, width: number): 'relu' | 'linear' | null {
  const [first, second, ...more] = branch;
  const fits = (layer: Layer | undefined, activation: Activation) =>
    layer !== undefined && isDense(layer, activation) && layer.units === width;
  if (more.length > 0 || !fits(first, 'relu')) return null;
  if (second === undefined) return 'relu';
  return fits(second, 'linear') ? 'linear' : null;
}

function isDense(layer: Layer, activation: Activation): layer is FullyConnected {
  return layer.kind === 'dense' && layer.activation === activation;
}
