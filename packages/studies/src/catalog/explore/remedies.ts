/** Remedies of a diagnosis as configurations: what `diagnose` tried, in the words of the explorable. */
import { InvalidArgumentError } from '@kindling/core';
import type { Change } from '@kindling/diagnostics';
import {
  type Distribution,
  effectiveVariance,
  findInitializer,
  type Initializer,
  type LayerwiseInitializer,
} from '@kindling/initializers';
import { canonicalJson, type JsonValue } from '../../spec/canonical-json.js';
import {
  type ExploreConfiguration,
  exploreConfigurationText,
  exploreInitializer,
  parseExploreConfiguration,
} from './configuration/configuration.js';
import { type ExploreNetwork, exploreNetworkOf } from './configuration/network.js';

/**
 * The configuration with a change of `diagnose` or `diagnoseNetwork`; null where no text says it, as of weights that are scaled layer by
 * layer beside random biases.
 */
export function changedConfiguration(
  configuration: ExploreConfiguration,
  change: Change,
): ExploreConfiguration | null {
  try {
    const network = changedNetwork(configuration.network, change);
    const drawn = network === null ? null : changedDrawing(configuration, change);
    if (network === null || drawn === null) return null;
    // Through its text, so that it is one that can be asked for.
    return parseExploreConfiguration(exploreConfigurationText({ ...drawn, network }));
  } catch (error) {
    if (error instanceof InvalidArgumentError) return null;
    throw error;
  }
}

function changedNetwork(network: ExploreNetwork, change: Change): ExploreNetwork | null {
  if (change.widths !== undefined) return { kind: 'dense', widths: change.widths.slice(1) };
  if (change.architecture !== undefined) return exploreNetworkOf(change.architecture, change.scaleRule);
  return network;
}

type Drawing = Pick<ExploreConfiguration, 'initializer' | 'weightFactor' | 'biases'>;

function changedDrawing(configuration: ExploreConfiguration, change: Change): Drawing | null {
  const { initializer, initializerName, weightScales } = change;
  const plain = initializer === undefined ? configuration : namedDrawing(initializer, initializerName);
  return plain === null || weightScales === undefined ? plain : scaledDrawing(plain, weightScales);
}

/** A name that draws exactly this. */
function namedDrawing(initializer: Initializer, name: string | undefined): Drawing | null {
  if (name === undefined) return null;
  const { initializer: found, weightFactor, biases } = parseExploreConfiguration(`dense 1 ${name}`);
  const drawing = { initializer: found, weightFactor, biases };
  return isSame(findInitializer(name).initializer, initializer) ? drawing : null;
}

/** Scales that differ by less are one. */
const sameScale = 1e-9;
/** Digits of a factor: what is off in the sixth changes the length of 1,000 layers by less than a hundredth. */
const factorDigits = 6;

/**
 * Weights times a number a layer. One number for all is a factor. Numbers that make every layer's variance 2/fan-in are a law of their own,
 * where biases can be said beside it.
 */
function scaledDrawing(drawing: Drawing, scales: readonly number[]): Drawing | null {
  const [first = 1] = scales;
  if (scales.every((scale) => Math.abs(scale - first) <= sameScale * first)) {
    return { ...drawing, weightFactor: Number((drawing.weightFactor * first).toPrecision(factorDigits)) };
  }
  const initializer = exploreInitializer({ ...drawing, network: { kind: 'dense', widths: [1] } });
  if (initializer.kind !== 'layerwise') return null;
  const critical = criticalDrawing(initializer);
  const own = findInitializer(drawing.initializer).initializer;
  const hasZeroBiases = own.kind === 'layerwise' && own.biases.kind === 'zeros';
  return critical === null || (drawing.biases === null && !hasZeroBiases)
    ? null
    : { ...drawing, ...critical };
}

const criticalNames: Readonly<Partial<Record<Distribution, string>>> = {
  normal: 'he-normal',
  uniform: 'he-uniform',
  'truncated-normal': 'he-truncated-normal',
  'truncated-normal-uncorrected': 'he-truncated-normal-uncorrected',
  laplace: 'he-laplace',
  rademacher: 'he-rademacher',
};

/** The same shape with the variance 2/fan-in. */
function criticalDrawing({
  weights,
}: LayerwiseInitializer): Pick<Drawing, 'initializer' | 'weightFactor'> | null {
  const distribution =
    weights.kind === 'uniform-range' && weights.low === -weights.high
      ? 'uniform'
      : weights.kind === 'variance-scaling' || weights.kind === 'stated-variance'
        ? weights.distribution
        : null;
  const name = distribution === null ? undefined : criticalNames[distribution];
  if (name === undefined) return null;
  // A law that is cut delivers less than its name says.
  const { variance } = effectiveVariance(findInitializer(name).initializer, { fanIn: 1, fanOut: 1 });
  return { initializer: name, weightFactor: Number(Math.sqrt(2 / variance).toPrecision(factorDigits)) };
}

function isSame(a: Initializer, b: Initializer): boolean {
  return canonicalJson(a as unknown as JsonValue) === canonicalJson(b as unknown as JsonValue);
}
