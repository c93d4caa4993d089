/**
 * A configuration: a network and how it is drawn, in a line of text that people read and write, such as `dense 100*50 tfjs:he-normal`. The
 * same line stands in the page's address, in a command and in the id of a cell: a net's random numbers derive from it.
 */
import { type Architecture, InvalidArgumentError, listParameters, shortened } from '@kindling/core';
import {
  effectiveVariance,
  findInitializer,
  type Initializer,
  multiplyLaw,
  needsData,
  parameterLaws,
} from '@kindling/initializers';
import {
  type ExploreEnds,
  type ExploreNetwork,
  exploreArchitecture,
  exploreNetworkKinds,
  exploreNetworkSettings,
  exploreNetworkWords,
  parseExploreNetwork,
} from './network.js';

/** Biases instead of the initializer's own. */
export type ExploreBiases =
  | { readonly kind: 'constant'; readonly value: number }
  | {
      readonly kind: 'normal';
      /** ≥ 0. */
      readonly variance: number;
    };

/** A network and how it is drawn. Plain JSON. */
export interface ExploreConfiguration {
  readonly network: ExploreNetwork;
  /** A name or an expression of `findInitializer` without settings of biases: `he-normal`, `tfjs:dense`, `normal:variance=0.01`. */
  readonly initializer: string;
  /** What every weight is multiplied by, > 0; 1 for nothing. The output layer's, too. */
  readonly weightFactor: number;
  /** Null for the initializer's own. */
  readonly biases: ExploreBiases | null;
}

const caller = 'explore';

const forms =
  'a network, its layers and an initializer, such as "dense 100*50 he-normal", "residual 100*30 scale=1/L he-normal" or "conv 8/2*2,8*16 he-normal"';

/** Longest text that is read: a thousand widths that all differ take less. */
const longestText = 10_000;

/**
 * Reads a configuration: `dense`, `residual` or `conv`, the layers, and in any order an initializer and settings.
 *
 *     dense 100*50 he-normal                         50 hidden layers of 100
 *     dense 784,30,10*9 tfjs:dense bias=0.1          what TensorFlow.js draws, biases 0.1
 *     dense 100*50 glorot-uniform times=1.4142       every weight times 1.4142
 *     residual 100*30 scale=0.75^l he-normal         30 modules of width 100; module=linear for modules that end in a linear layer
 *     conv 8/2*2,8*16 padding=circular he-normal     2 convolutions of stride 2 and 16 of stride 1, 8 channels each; kernel=5
 *
 * @throws InvalidArgumentError in one line, saying what cannot be
 */
export function parseExploreConfiguration(text: string): ExploreConfiguration {
  if (text.length > longestText) {
    throw new InvalidArgumentError(
      `${caller}: a text of ${text.length} characters; expected at most ${longestText}`,
    );
  }
  const [kindWord = '', layers, ...rest] = text.split(/\s+/).filter((word) => word !== '');
  const kind = (['dense', 'residual', 'convolutional'] as const).find(
    (name) => exploreNetworkKinds[name] === kindWord.toLowerCase(),
  );
  if (kind === undefined) {
    const what = kindWord === '' ? 'it is empty' : `there is no network "${shortened(kindWord)}"`;
    throw new InvalidArgumentError(`${caller}: ${what}; expected ${forms}`);
  }
  if (layers === undefined)
    throw new InvalidArgumentError(`${caller}: the layers are missing; expected ${forms}`);
  const known: readonly string[] = [...exploreNetworkSettings[kind], 'times', 'bias', 'bias-variance'];
  const settings = new Map<string, string>();
  const names: string[] = [];
  for (const word of rest) {
    const key = /^([a-z-]+)=/i.exec(word)?.[1];
    if (key === undefined) names.push(word);
    else if (!known.includes(key)) {
      throw new InvalidArgumentError(
        `${caller}: ${exploreNetworkKinds[kind]} has no setting "${shortened(key)}"; expected ${known.join(', ')}`,
      );
    } else if (settings.has(key)) {
      throw new InvalidArgumentError(`${caller}: ${key} is set twice; expected it once`);
    } else settings.set(key, word.slice(key.length + 1));
  }
  const [name, second] = names;
  if (name === undefined) {
    throw new InvalidArgumentError(`${caller}: the initializer is missing; expected ${forms}`);
  }
  if (second !== undefined) {
    throw new InvalidArgumentError(
      `${caller}: "${shortened(name)}" and "${shortened(second)}" both stand for the initializer; expected one`,
    );
  }
  return checkExploreConfiguration({
    network: parseExploreNetwork(kind, layers, settings),
    ...withoutBiases(name, settings),
    weightFactor:
      readNumber(settings, 'times', { least: Number.MIN_VALUE, expected: 'a positive number' }) ?? 1,
  });
}

/** The one text of a configuration, which `parseExploreConfiguration` reads back. */
export function exploreConfigurationText(configuration: ExploreConfiguration): string {
  const { network, initializer, weightFactor, biases } = configuration;
  return [
    ...exploreNetworkWords(network),
    initializer,
    ...(weightFactor === 1 ? [] : [`times=${weightFactor}`]),
    ...(biases === null
      ? []
      : [biases.kind === 'constant' ? `bias=${biases.value}` : `bias-variance=${biases.variance}`]),
  ].join(' ');
}

/** How the network is drawn. @throws InvalidArgumentError for what cannot be, in one line */
export function exploreInitializer({ initializer, weightFactor, biases }: ExploreConfiguration): Initializer {
  const named = findInitializer(initializer).initializer;
  if (weightFactor === 1 && biases === null) return named;
  if (named.kind !== 'layerwise') {
    const what = weightFactor === 1 ? 'biases of its own' : 'no weights that can be multiplied';
    throw new InvalidArgumentError(
      `${caller}: ${initializer} has ${what}; expected an initializer that is a law`,
    );
  }
  const weights = weightFactor === 1 ? named.weights : multiplyLaw(named.weights, weightFactor);
  if (biases === null) return { ...named, weights };
  return {
    kind: 'layerwise',
    weights,
    biases:
      biases.kind === 'constant'
        ? biases.value === 0
          ? { kind: 'zeros' }
          : { kind: 'constant', value: biases.value }
        : { kind: 'stated-variance', distribution: 'normal', variance: biases.variance },
  };
}

/** What can be known to be wrong before the data are. @throws InvalidArgumentError in one line */
export function checkExploreConfiguration(configuration: ExploreConfiguration): ExploreConfiguration {
  const { network, initializer } = configuration;
  const law = exploreInitializer(configuration);
  const fixup = network.kind === 'residual' && network.scale === 'fixup';
  if (fixup !== (law.kind === 'fixup')) {
    throw new InvalidArgumentError(
      fixup
        ? `${caller}: scale=fixup does not go with ${initializer}; expected the initializer fixup, its other half`
        : `${caller}: the initializer fixup is for residual nets of module=linear with scale=fixup; expected both`,
    );
  }
  if (fixup && network.module === 'relu') {
    throw new InvalidArgumentError(
      `${caller}: fixup does not go with modules of one ReLU layer; expected module=linear, whose last layer starts at zero`,
    );
  }
  if (network.kind !== 'dense' && needsData(law) && law.kind !== 'lsuv') {
    throw new InvalidArgumentError(
      `${caller}: ${initializer} is for dense nets only; expected another initializer`,
    );
  }
  return configuration;
}

/**
 * The network between the data's ends, checked against its initializer.
 *
 * @throws InvalidArgumentError for a layer that the initializer cannot draw, or convolutions of what is no image
 */
export function exploreArchitectureOf(configuration: ExploreConfiguration, ends: ExploreEnds): Architecture {
  const shape = JSON.stringify(ends);
  const last = checked.get(configuration);
  if (last?.shape === shape) return last.architecture;
  const architecture = checkedArchitecture(configuration, ends);
  checked.set(configuration, { shape, architecture });
  return architecture;
}

/** What was asked for last: a spec is read, its cells are made and theory is asked with the same objects. */
const checked = new WeakMap<
  ExploreConfiguration,
  { readonly shape: string; readonly architecture: Architecture }
>();

function checkedArchitecture(configuration: ExploreConfiguration, ends: ExploreEnds): Architecture {
  const architecture = exploreArchitecture(configuration.network, ends);
  const law = exploreInitializer(configuration);
  if (needsData(law)) return architecture;
  const laws = parameterLaws(architecture, law, caller);
  const seen = new Set<string>();
  for (const { fans, kind, weightIndex } of listParameters(architecture)) {
    const own = weightIndex === null ? undefined : laws[weightIndex];
    if (kind !== 'weights' || fans === null || own === undefined) continue;
    const shape = JSON.stringify(fans);
    if (seen.has(shape)) continue;
    seen.add(shape);
    effectiveVariance(own, fans);
  }
  return architecture;
}

/** An expression without its settings of biases, which may stand there or as words of their own. */
function withoutBiases(
  expression: string,
  settings: ReadonlyMap<string, string>,
): Pick<ExploreConfiguration, 'initializer' | 'biases'> {
  // Settings begin behind the last colon before the first equals sign; names hold colons, too.
  const equals = expression.indexOf('=');
  const colon = equals < 0 ? -1 : expression.lastIndexOf(':', equals);
  const inside = colon < 0 ? [] : expression.slice(colon + 1).split(',');
  const isBias = (setting: string) => /^bias(-variance)?=/.test(setting);
  const biases = new Map(settings);
  for (const setting of inside.filter(isBias)) {
    const [key = '', value = ''] = setting.split('=');
    if (biases.has(key)) throw new InvalidArgumentError(`${caller}: ${key} is set twice; expected it once`);
    biases.set(key, value);
  }
  if (biases.has('bias') && biases.has('bias-variance')) {
    throw new InvalidArgumentError(`${caller}: bias is set beside bias-variance; expected one of the two`);
  }
  const kept = inside.filter((setting) => !isBias(setting));
  const name =
    colon < 0
      ? expression
      : [expression.slice(0, colon), ...(kept.length === 0 ? [] : [kept.join(',')])].join(':');
  const value = readNumber(biases, 'bias', { least: Number.NEGATIVE_INFINITY, expected: 'a finite number' });
  const variance = readNumber(biases, 'bias-variance', { least: 0, expected: 'a finite number ≥ 0' });
  return {
    initializer: findInitializer(name).name,
    biases:
      value !== null ? { kind: 'constant', value } : variance !== null ? { kind: 'normal', variance } : null,
  };
}

function readNumber(
  settings: ReadonlyMap<string, string>,
  key: string,
  { least, expected }: { readonly least: number; readonly expected: string },
): number | null {
  const text = settings.get(key);
  if (text === undefined) return null;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  // −0 has another spelling and is the same number.
  if (Number.isFinite(value) && value >= least) return value + 0;
  throw new InvalidArgumentError(`${caller}: ${key} is "${shortened(text)}"; expected ${expected}`);
}
