/**
 * Architectures of the usual families from a few characters: `5*30` is a residual net of 30 modules of width 5, `32x32x3,10*50`
 * reads 32 × 32 images of 3 channels through 50 convolutions of 10. For command lines and URLs, which put their own names around the
 * messages.
 */
import type { Padding } from '../convolution/geometry.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { Architecture, Extent } from './architecture.js';
import {
  type ConvolutionalSizes,
  convolutionalArchitecture,
  type ResidualSizes,
  residualArchitecture,
} from './build-architecture.js';
import { mostModules } from './residual-scales.js';
import type { ResidualScaling } from './scale-shorthand.js';
import { parseCount, parseExtents, parseRepeats, shortened } from './shorthand-parts.js';

/** Widest layer and largest image side that a shorthand takes: what is larger is likelier a slip, and fits no memory. */
const mostUnits = 100_000;

/** Most convolutions that are taken. */
const mostConvolutions = 10_000;

/** What a residual shorthand leaves open. */
export interface ResidualShorthandOptions
  extends Partial<Pick<ResidualSizes, 'module' | 'inputLayer' | 'outputs'>> {
  /** Default: every η is 1. */
  readonly scaling?: ResidualScaling;
}

/**
 * `width*modules`, such as `5*30`: modules of one width, written as lists of widths are (`5,5,5` and `5*2,5` are `5*3`; `×` is `*`).
 * Defaults: modules of one ReLU layer, η = 1, nothing in front or behind.
 *
 * @throws InvalidArgumentError naming the part: a width that is none, widths that differ, too many modules, a list of scales
 *   that does not fit
 */
export function parseResidualShorthand(text: string, options: ResidualShorthandOptions = {}): Architecture {
  const caller = 'parseResidualShorthand';
  const { module = 'relu', scaling, ...ends } = options;
  const part = { caller, name: 'modules' };
  const runs = parseRepeats(part, text, mostModules, 'width*modules, such as 5*30').map(
    ({ item, times }) => ({
      width: parseCount({ caller, name: 'a width' }, item, mostUnits),
      times,
    }),
  );
  const width = runs[0]?.width ?? 0;
  const other = runs.find((run) => run.width !== width);
  if (other !== undefined) {
    throw new InvalidArgumentError(
      `${caller}: "${shortened(text)}" has the widths ${width} and ${other.width}; expected one, since a module adds to what it reads`,
    );
  }
  const modules = runs.reduce((sum, { times }) => sum + times, 0);
  const { rule, learned } = scaling ?? { rule: { rule: 'constant', value: 1 }, learned: false };
  return renamed(caller, () =>
    residualArchitecture({ ...ends, module, width, modules, scale: rule, learned }),
  );
}

/** What a convolutional shorthand leaves open. */
export interface ConvolutionalShorthandOptions
  extends Partial<Omit<ConvolutionalSizes, 'input' | 'filters'>> {}

/**
 * `height x width x channels`, then the channels of every convolution: `32x32x3,10*50`; `×` is `x`, and `*` between a number and
 * its repeats. Defaults: 3 × 3 kernels, stride 1, zero padding, ReLU, nothing behind.
 *
 * @throws InvalidArgumentError naming the part: an image or a number of channels that is none, a kernel that does not fit what is
 *   left of the image
 */
export function parseConvolutionalShorthand(
  text: string,
  options: ConvolutionalShorthandOptions = {},
): Architecture {
  const caller = 'parseConvolutionalShorthand';
  const { kernel = [3, 3], padding = 'zero', ...others } = options;
  const expected =
    'height x width x channels of the image, then the channels of every layer, such as 32x32x3,10*50';
  const [image = '', ...rest] = text.split(',');
  const sizes = image.split(/[x×]/i);
  if (sizes.length !== 3) {
    throw new InvalidArgumentError(`${caller}: the image is "${shortened(image)}"; expected ${expected}`);
  }
  const [height = 0, width = 0, channels = 0] = parseExtents(
    { caller, name: 'a size of the image' },
    image,
    mostUnits,
  );
  if (rest.length === 0) {
    throw new InvalidArgumentError(
      `${caller}: "${shortened(text)}" is an image without a layer; expected ${expected}`,
    );
  }
  const part = { caller, name: 'layers' };
  const filters = parseRepeats(part, rest.join(','), mostConvolutions, expected).flatMap(({ item, times }) =>
    new Array<number>(times).fill(parseCount({ caller, name: 'a number of channels' }, item, mostUnits)),
  );
  return renamed(caller, () =>
    convolutionalArchitecture({ ...others, input: { height, width, channels }, filters, kernel, padding }),
  );
}

/**
 * `3` is a kernel of 3 × 3, `3x5` one of 3 rows and 5 columns.
 *
 * @throws InvalidArgumentError for anything else
 */
export function parseKernelShorthand(text: string): Extent {
  const caller = 'parseKernelShorthand';
  const sizes = text.split(/[x×]/i);
  if (sizes.length > 2 || sizes.some((size) => size.trim() === '')) {
    const given = sizes.filter((size) => size.trim() !== '').length;
    const problem = given < sizes.length ? 'lacks a size' : `has ${given} sizes`;
    throw new InvalidArgumentError(
      `${caller}: "${shortened(text)}" ${problem}; expected one or two, such as 3 or 3x5`,
    );
  }
  const [height = 0, width = height] = parseExtents({ caller, name: 'a size' }, text, mostUnits);
  return [height, width];
}

const paddings: readonly Padding[] = ['zero', 'circular', 'valid'];

/**
 * A padding by its name; case does not count.
 *
 * @throws InvalidArgumentError for another name
 */
export function parsePadding(text: string): Padding {
  const found = paddings.find((padding) => padding === text.trim().toLowerCase());
  if (found !== undefined) return found;
  throw new InvalidArgumentError(
    `parsePadding: "${shortened(text)}" is no padding; expected ${paddings.join(', ')}`,
  );
}

/** What the builders refuse, without the paths of a JSON that nobody wrote. */
function renamed(caller: string, build: () => Architecture): Architecture {
  try {
    return build();
  } catch (cause) {
    if (!(cause instanceof InvalidArgumentError)) throw cause;
    const reason = cause.message
      .slice(cause.message.indexOf(': ') + 2)
      .replace(/^layers\[(\d+)\]/, (_, index: string) => `layer ${Number(index) + 1}`);
    throw new InvalidArgumentError(`${caller}: ${reason}`, { cause });
  }
}
