/** The networks that can be explored, as plain JSON without the ends that the data decide: their shorthand and their architecture. */
import {
  type Architecture,
  type Extent,
  InvalidArgumentError,
  type Layer,
  type Padding,
  parseArchitecture,
  parseCount,
  parseKernelShorthand,
  parsePadding,
  parseRepeats,
  parseScaleRule,
  type ResidualScaleRule,
  repeatsText,
  residualArchitecture,
  residualSizesOf,
  scaleRuleText,
  shortened,
} from '@kindling/core';

/** ReLU layers one after another. */
export interface ExploreDense {
  readonly kind: 'dense';
  /** Of the hidden layers, 1 … 1,000 each. */
  readonly widths: readonly number[];
}

/** A ReLU layer from the input to the stream, then x ← x + η_l N_l(x) for l = 1 … L: the nets of figure 2. */
export interface ExploreResidual {
  readonly kind: 'residual';
  readonly width: number;
  /** L. */
  readonly modules: number;
  /** `relu`: N(x) = ReLU(Wx + b). `linear`: N(x) = W₂ ReLU(W₁x + b₁) + b₂. */
  readonly module: 'relu' | 'linear';
  /** As `scaleRuleText` writes it: `0.75^l`, `1/L`, `rezero`. */
  readonly scale: string;
}

/** One convolution with ReLU. */
export interface ExploreConvolution {
  readonly channels: number;
  readonly stride: number;
}

/** Convolutions one after another; the last image is flattened for the outputs. */
export interface ExploreConvolutional {
  readonly kind: 'convolutional';
  readonly layers: readonly ExploreConvolution[];
  readonly kernel: Extent;
  readonly padding: Padding;
}

/** A network without its input and outputs. Plain JSON. */
export type ExploreNetwork = ExploreDense | ExploreResidual | ExploreConvolutional;

/** What the data decide of a network. */
export interface ExploreEnds {
  /** Numbers of an input; of an image its pixels, row by row. */
  readonly inputs: number;
  /** Height and width of square images; null where inputs are no images. */
  readonly side: number | null;
  readonly outputs: number;
}

/** The largest networks that are taken. */
export const exploreNetworkLimits = { depth: 1000, width: 1000, kernel: 28, stride: 28 } as const;

/** The first word of a network's text. */
export const exploreNetworkKinds = { dense: 'dense', residual: 'residual', convolutional: 'conv' } as const;

/** Settings that a network's text may have behind its layers, by kind. */
export const exploreNetworkSettings = {
  dense: [],
  residual: ['module', 'scale'],
  convolutional: ['kernel', 'padding'],
} as const satisfies Readonly<Record<ExploreNetwork['kind'], readonly string[]>>;

const caller = 'explore';
const { depth: mostLayers, width: mostWidth } = exploreNetworkLimits;

/**
 * Reads `100*50` as hidden layers, `100*30` as the width and number of modules, `8/2*2,8*16` as channels of convolutions, the first two of
 * stride 2.
 *
 * @param settings words such as `scale=0.75^l`, as a map
 * @throws InvalidArgumentError in one line
 */
export function parseExploreNetwork(
  kind: ExploreNetwork['kind'],
  layers: string,
  settings: ReadonlyMap<string, string>,
): ExploreNetwork {
  const part = { caller, name: 'layers' };
  const width = (item: string, name = 'a width') => parseCount({ caller, name }, item, mostWidth);
  switch (kind) {
    case 'dense': {
      const runs = parseRepeats(part, layers, mostLayers, 'the widths of the hidden layers, such as 100*50');
      const widths = runs.flatMap(({ item, times }) => new Array<number>(times).fill(width(item)));
      return { kind, widths };
    }
    case 'residual': {
      const expected = 'width*modules, such as 100*30';
      const [run, ...others] = parseRepeats({ caller, name: 'modules' }, layers, mostLayers, expected);
      if (run === undefined || others.length > 0) {
        throw new InvalidArgumentError(
          `${caller}: "${shortened(layers)}" has several widths; expected ${expected}`,
        );
      }
      const module = settings.get('module') ?? 'relu';
      if (module !== 'relu' && module !== 'linear') {
        throw new InvalidArgumentError(
          `${caller}: module is "${shortened(module)}"; expected relu or linear`,
        );
      }
      const scale = scaleRuleText(parseScaleRule(settings.get('scale') ?? '1'));
      return { kind, width: width(run.item), modules: run.times, module, scale };
    }
    case 'convolutional': {
      const expected =
        'channels of the convolutions, /stride behind them where it is not 1, such as 8/2*2,8*16';
      const convolutions = parseRepeats(part, layers, mostLayers, expected).flatMap(({ item, times }) => {
        const [channels = '', stride, ...more] = item.split('/');
        if (more.length > 0) {
          throw new InvalidArgumentError(
            `${caller}: "${shortened(item)}" is no convolution; expected ${expected}`,
          );
        }
        const convolution: ExploreConvolution = {
          channels: width(channels, 'a number of channels'),
          stride:
            stride === undefined
              ? 1
              : parseCount({ caller, name: 'a stride' }, stride, exploreNetworkLimits.stride),
        };
        return new Array<ExploreConvolution>(times).fill(convolution);
      });
      const kernel = parseKernelShorthand(settings.get('kernel') ?? '3');
      return { kind, layers: convolutions, kernel, padding: parsePadding(settings.get('padding') ?? 'zero') };
    }
  }
}

/** The words of a network, which `parseExploreNetwork` reads back; settings that are the usual ones are left out. */
export function exploreNetworkWords(network: ExploreNetwork): readonly string[] {
  const kind = exploreNetworkKinds[network.kind];
  switch (network.kind) {
    case 'dense':
      return [kind, repeatsText(network.widths.map(String))];
    case 'residual': {
      const { width, modules, module, scale } = network;
      return [
        kind,
        `${width}*${modules}`,
        ...(module === 'relu' ? [] : [`module=${module}`]),
        ...(scale === '1' ? [] : [`scale=${scale}`]),
      ];
    }
    case 'convolutional': {
      const { layers, kernel, padding } = network;
      const [height, width] = kernel;
      return [
        kind,
        repeatsText(
          layers.map(({ channels, stride }) => (stride === 1 ? `${channels}` : `${channels}/${stride}`)),
        ),
        ...(height === 3 && width === 3
          ? []
          : [`kernel=${height === width ? height : `${height}x${width}`}`]),
        ...(padding === 'zero' ? [] : [`padding=${padding}`]),
      ];
    }
  }
}

/**
 * The whole network between given ends: a linear layer of `outputs` behind the hidden ones, images flattened before it.
 *
 * @throws InvalidArgumentError for convolutions of inputs that are no images, kernels that do not fit, a list of scales of another length
 */
export function exploreArchitecture(
  network: ExploreNetwork,
  { inputs, side, outputs }: ExploreEnds,
): Architecture {
  const dense = (units: number, activation: 'relu' | 'linear'): Layer => ({
    kind: 'dense',
    units,
    activation,
  });
  switch (network.kind) {
    case 'dense':
      return {
        input: { width: inputs },
        layers: [...network.widths.map((width) => dense(width, 'relu')), dense(outputs, 'linear')],
      };
    case 'residual': {
      const { width, modules, module, scale } = network;
      const { rule, learned } = parseScaleRule(scale);
      const inputLayer = { inputs, activation: 'relu' } as const;
      return residualArchitecture({ module, width, modules, scale: rule, learned, inputLayer, outputs });
    }
    case 'convolutional': {
      if (side === null) {
        throw new InvalidArgumentError(
          `${caller}: convolutions read images, and the data are ${inputs} ${inputs === 1 ? 'number' : 'numbers'} an input; expected data of images, or another network`,
        );
      }
      const { layers, kernel, padding } = network;
      return parseArchitecture({
        input: { height: side, width: side, channels: 1 },
        layers: [
          ...layers.map(({ channels, stride }): Layer => {
            return { kind: 'conv2d', filters: channels, kernel, stride, padding, activation: 'relu' };
          }),
          { kind: 'flatten' },
          dense(outputs, 'linear'),
        ],
      });
    }
  }
}

/** The hidden layers alone, a residual block being one: what lengths are measured and predicted of. */
export function hiddenPart({ input, layers }: Architecture): Architecture {
  const end = layers.at(-2)?.kind === 'flatten' ? -2 : -1;
  return { input, layers: layers.slice(0, end) };
}

/**
 * The network of an architecture that `exploreArchitecture` could have built; a remedy's, for example.
 *
 * @param scaleRule that gave residual blocks their scales, where it is known: 0.1 ten times over is 1/√100, too
 * @returns null for any other, and for one beyond the limits
 */
export function exploreNetworkOf(
  architecture: Architecture,
  scaleRule?: ResidualScaleRule,
): ExploreNetwork | null {
  const { input, layers } = architecture;
  const hidden = hiddenPart(architecture).layers;
  if (hidden.length === 0 || hidden.length > mostLayers + 1) return null;
  if ('channels' in input) {
    const kinds = new Set(hidden.map((layer) => JSON.stringify({ ...layer, filters: 0, stride: 0 })));
    const [first] = hidden;
    if (first?.kind !== 'conv2d' || kinds.size !== 1 || first.activation !== 'relu') return null;
    if (layers.at(-2)?.kind !== 'flatten') return null;
    const convolutions = hidden.flatMap((layer) =>
      layer.kind === 'conv2d' ? [{ channels: layer.filters, stride: layer.stride }] : [],
    );
    if (convolutions.some(({ channels }) => channels > mostWidth)) return null;
    return { kind: 'convolutional', layers: convolutions, kernel: first.kernel, padding: first.padding };
  }
  const widths = hidden.map((layer) =>
    layer.kind === 'dense' && layer.activation === 'relu' ? layer.units : 0,
  );
  if (!widths.includes(0))
    return widths.some((width) => width > mostWidth) ? null : { kind: 'dense', widths };
  return residualOf(architecture, scaleRule);
}

function residualOf(architecture: Architecture, scaleRule?: ResidualScaleRule): ExploreResidual | null {
  const sizes = residualSizesOf(architecture);
  if (sizes === null || sizes.inputLayer?.activation !== 'relu' || sizes.outputs === undefined) return null;
  const { width, modules, module, scale, learned } = sizes;
  if (width > mostWidth || modules > mostLayers) return null;
  if (!learned) {
    const rule = scaleRule ?? scale;
    return { kind: 'residual', width, modules, module, scale: scaleRuleText({ rule, learned: false }) };
  }
  // Learned scales have names, not numbers.
  if (scale.rule !== 'constant' || (scale.value !== 0 && scale.value !== 1)) return null;
  return { kind: 'residual', width, modules, module, scale: scale.value === 0 ? 'rezero' : 'fixup' };
}
