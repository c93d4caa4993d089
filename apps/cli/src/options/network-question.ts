/** What every question about a net starts with: what it is made of and its initializer, from flags to checked values. */
import {
  type Architecture,
  architectureText,
  convolutionalSizesOf,
  countOf,
  countText,
  denseArchitecture,
  denseSizesOf,
  InvalidArgumentError,
  inputShape,
  type LayerFans,
  layerShapes,
  listParameters,
  parseConvolutionalShorthand,
  parseKernelShorthand,
  parsePadding,
  parseResidualShorthand,
  parseScaleRule,
  type ResidualScaling,
  residualSizesOf,
} from '@kindling/core';
import { effectiveVariance, type NamedInitializer, needsData, parameterLaws } from '@kindling/initializers';
import type { Command } from 'commander';
import { UsageError } from '../usage-error.js';
import { readArchitectureFile } from './architecture-file.js';
import { initializerHelp, parseInitializer } from './initializer-choice.js';
import { suggestion } from './nearest-names.js';
import { checkInitializerFits, type NetworkChoice } from './network-choice.js';
import {
  type ArchitectureFlags,
  findNetworkFlag,
  type NetworkFlag,
  withArchitectureOptions,
} from './network-flags.js';
import { parseWholeNumber } from './whole-number.js';
import { parseWidths, widthsText } from './widths.js';

/** The flags as commander hands them over. */
export interface NetworkFlags extends ArchitectureFlags {
  readonly init?: string;
}

/** Where a net comes from. */
export interface NetworkSource {
  readonly flag: NetworkFlag;
  /** The words of a command line that ask for it again, without the initializer. */
  readonly words: readonly string[];
}

/** A fully connected ReLU net. */
export interface DenseQuestion extends NetworkChoice {
  readonly kind: 'dense';
  readonly source: NetworkSource;
  /** Units of the linear layer behind, where the net says so. */
  readonly outputs: number | null;
}

/** A net of another architecture. */
export interface ArchitectureQuestion {
  readonly kind: 'architecture';
  readonly source: NetworkSource;
  readonly architecture: Architecture;
  /** How its lengths are told: behind modules as squared norms, or behind layers as mean squares. */
  readonly family: 'residual' | 'convolutional' | 'general';
  /** The rule of the scales as it was asked for; null where it was not, or the scales stand in a file. */
  readonly scaling: ResidualScaling | null;
  readonly named: NamedInitializer;
}

/** A net and its initializer, checked. */
export type NetworkQuestion = DenseQuestion | ArchitectureQuestion;

/** Adds the flags. */
export function withNetworkOptions(command: Command): Command {
  return withArchitectureOptions(command).option('--init <name>', initializerHelp);
}

/**
 * Reads the flags.
 *
 * @param directory where relative paths start, absolute
 * @param outputs units of a linear layer behind a residual net or convolutions; default 0, none
 * @throws UsageError naming the flag that cannot be obeyed
 */
export async function readNetworkQuestion(
  flags: NetworkFlags,
  directory: string,
  outputs = 0,
): Promise<NetworkQuestion> {
  const source = findNetworkFlag(flags);
  const scaling = flags.scale === undefined ? null : parseScaling(flags.scale);
  const { architecture, words } = await readArchitecture(flags, directory, outputs);
  checkDepth(architecture, source);
  const named = readInitializer(flags, scaling);
  const dense = denseSizesOf(architecture);
  // What is known of fully connected nets is more than what is known of any.
  if (dense !== null) {
    const question: DenseQuestion = {
      kind: 'dense',
      source: { flag: source, words },
      widths: dense.widths,
      named,
      outputs: source === '--arch' ? dense.outputs : null,
    };
    checkInitializerFits('--init', question);
    return question;
  }
  checkImageSize(architecture, source);
  checkPixels(architecture, source);
  checkArchitectureFits(architecture, named);
  return {
    kind: 'architecture',
    source: { flag: source, words },
    architecture,
    family: familyOf(architecture),
    scaling,
    named,
  };
}

/** An architecture and the words that ask for it again. */
export interface ReadArchitecture {
  readonly architecture: Architecture;
  readonly words: readonly string[];
}

/**
 * Reads `--widths`, `--residual`, `--conv` or `--arch` and the flags that go with it.
 *
 * @param outputs units of a linear layer behind, unless a file says it; 0 for none
 * @throws UsageError naming the flag that cannot be obeyed
 */
export async function readArchitecture(
  flags: ArchitectureFlags,
  directory: string,
  outputs: number,
): Promise<ReadArchitecture> {
  const { arch, residual, conv } = flags;
  if (flags.widths !== undefined) {
    const widths = parseWidths({ argument: '--widths', least: 2 }, flags.widths);
    return { architecture: denseArchitecture({ widths, outputs }), words: ['--widths', widthsText(widths)] };
  }
  if (arch !== undefined) {
    return { architecture: await readArchitectureFile(arch, directory), words: ['--arch', arch] };
  }
  const words = (given: Readonly<Record<string, string | undefined>>) =>
    Object.entries(given).flatMap(([flag, text]) =>
      text === undefined ? [] : [flag, text.replaceAll(/\s/g, '')],
    );
  if (residual !== undefined) {
    const scaling = flags.scale === undefined ? null : parseScaling(flags.scale);
    const module = flags.module === undefined ? 'relu' : parseModule(flags.module);
    if (scaling?.method === 'fixup' && module === 'relu') {
      throw new UsageError(
        '--scale fixup does not go with --module relu: Fixup starts the last layer of a module at zero and scales the ones before; expected --module linear',
      );
    }
    const options = { module, outputs, ...(scaling === null ? {} : { scaling }) } as const;
    return {
      architecture: explained('--residual', residual, () => parseResidualShorthand(residual, options)),
      words: words({ '--residual': residual, '--scale': flags.scale, '--module': flags.module }),
    };
  }
  const text = conv ?? '';
  const { kernel, stride, padding } = flags;
  const options = {
    ...(kernel === undefined
      ? {}
      : { kernel: explained('--kernel', kernel, () => parseKernelShorthand(kernel)) }),
    ...(stride === undefined
      ? {}
      : { stride: parseWholeNumber('--stride', stride, { least: 1, most: 100_000 }) }),
    ...(padding === undefined
      ? {}
      : { padding: explained('--padding', padding, () => parsePadding(padding)) }),
    ...(outputs === 0 ? {} : { head: { kind: 'global-average-pool', outputs } as const }),
  };
  return {
    architecture: explained('--conv', text, () => parseConvolutionalShorthand(text, options)),
    words: words({ '--conv': text, '--kernel': kernel, '--stride': stride, '--padding': padding }),
  };
}

function parseScaling(text: string): ResidualScaling {
  return explained('--scale', text, () => parseScaleRule(text));
}

const modules = ['relu', 'linear'] as const;

function parseModule(text: string): (typeof modules)[number] {
  const found = modules.find((name) => name === text.trim());
  if (found !== undefined) return found;
  throw new UsageError(`--module is "${text}"; ${suggestion(text, modules)}`);
}

/** Runs `read` and tells what it refuses with the flag's name. */
function explained<Value>(flag: string, text: string, read: () => Value): Value {
  return attempt(read, (message) => {
    return new UsageError(`${flag} is "${text.slice(0, 100)}": ${reasonOf(message)}`);
  });
}

/** Fixup is half scales and half initializer; all else needs to be said. */
function readInitializer({ init }: NetworkFlags, scaling: ResidualScaling | null): NamedInitializer {
  const fixup = scaling?.method === 'fixup';
  if (init === undefined) {
    if (fixup) return parseInitializer('--scale', 'fixup');
    throw new UsageError('--init is missing; expected an initializer, such as --init he-normal');
  }
  const named = parseInitializer('--init', init);
  if (fixup && named.initializer.kind !== 'fixup') {
    throw new UsageError(
      `--init ${named.name} does not go with --scale fixup, which has an initializer of its own; leave --init out`,
    );
  }
  return named;
}

/** Pixels of the largest image: 2,048 × 2,048. Theory holds some numbers a pixel, and training one image of it would take gigabytes. */
const mostPixels = 2 ** 22;

function checkImageSize({ input }: Architecture, flag: NetworkFlag): void {
  const { height, width } = inputShape(input);
  if (height * width <= mostPixels) return;
  throw new UsageError(
    `${flag} reads images of ${countText(height)} × ${countText(width)}; expected at most ${countText(mostPixels)} pixels`,
  );
}

/** Deepest net but for `--widths`, whose theory is far cheaper: some seconds of theory. */
const mostLayers = 20_000;

function checkDepth({ layers }: Architecture, flag: NetworkFlag): void {
  if (flag === '--widths' || layers.length <= mostLayers) return;
  const unit = flag === '--residual' ? 'module' : 'layer';
  throw new UsageError(
    `${flag} asks for ${countOf(layers.length, unit)}; expected at most ${countText(mostLayers)}`,
  );
}

/** Pixels behind all layers together, each of which theory computes: some seconds of it. */
const mostPixelsInAll = 2 ** 25;

function checkPixels(architecture: Architecture, flag: NetworkFlag): void {
  const pixels = layerShapes(architecture).reduce((sum, { height, width }) => sum + height * width, 0);
  if (pixels <= mostPixelsInAll) return;
  throw new UsageError(
    `${flag} has ${countText(pixels)} pixels behind its layers together; expected at most ${countText(mostPixelsInAll)}: fewer layers or smaller images`,
  );
}

/** Refuses an initializer that some layer of the net cannot have. @throws UsageError naming the layer */
function checkArchitectureFits(architecture: Architecture, { initializer, name }: NamedInitializer): void {
  if (needsData(initializer)) {
    throw new UsageError(
      `--init ${name} looks at data, which is known for fully connected nets only; expected one that does not`,
    );
  }
  const explain = (what: string) => (message: string) =>
    new UsageError(`--init ${name} does not go with ${what}: ${reasonOf(message)}`);
  const matrices = listParameters(architecture).filter(({ kind }) => kind === 'weights');
  const laws = attempt(() => parameterLaws(architecture, initializer), explain('this net'));
  const known = new Set<string>();
  for (const [index, { name: place, fans }] of matrices.entries()) {
    const law = laws[index];
    if (fans === null || law === undefined || known.has(fansKey(fans))) continue;
    known.add(fansKey(fans));
    attempt(() => effectiveVariance(law, fans), explain(place));
  }
}

/** A refusal without the function that it is from, in one line. */
function reasonOf(message: string): string {
  return message.replace(/^\w+: /, '').replaceAll('\n', ' ');
}

/** Runs `check` and throws what `explain` makes of a refusal's message. */
function attempt<Value>(check: () => Value, explain: (reason: string) => UsageError): Value {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw explain(error.message);
  }
}

function fansKey({ fanIn, fanOut, kernel }: LayerFans): string {
  return `${fanIn} ${fanOut} ${kernel.join(' ')}`;
}

function familyOf(architecture: Architecture): ArchitectureQuestion['family'] {
  const residual = residualSizesOf(architecture);
  if (residual !== null && residual.inputLayer === undefined && residual.outputs === undefined)
    return 'residual';
  const convolutional = convolutionalSizesOf(architecture);
  return convolutional !== null && convolutional.head === undefined && convolutional.activation === 'relu'
    ? 'convolutional'
    : 'general';
}

/** The net in words, its scales as they were asked for. */
export function questionText({ architecture, scaling }: ArchitectureQuestion): string {
  return architectureText(architecture, scaling?.rule);
}
