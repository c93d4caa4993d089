/** A model file's network as a configuration of the page, where one says it. */
import { type Architecture, type ArchitectureInput, layerShapes } from '@kindling/core';
import type { TensorFindings } from '@kindling/diagnostics/models';
import {
  type ExploreEnds,
  exploreArchitecture,
  exploreConfigurationText,
  exploreNetworkOf,
  parseExploreConfiguration,
} from '@kindling/studies';

/** A configuration, and what was made of the weights. */
export interface FileConfiguration {
  /** As `parseExploreConfiguration` reads it. */
  readonly text: string;
  /** Whether the weights follow the initializer's own law; otherwise they are drawn with the file's variance alone. */
  readonly sameLaw: boolean;
  /** Of the file; the page's data have their own. */
  readonly ends: ExploreEnds;
}

/**
 * The configuration of a network that has plain ReLU layers, residual modules or convolutions, as the page has them.
 *
 * @param kernels what was found of the hidden layers' weight matrices, in order
 * @returns null where no configuration says the network, or its weights have no variance
 */
export function fileConfiguration(
  architecture: Architecture,
  kernels: readonly TensorFindings[],
): FileConfiguration | null {
  const flat = withoutFlatten(architecture);
  const ends = endsOf(flat);
  const network = exploreNetworkOf(flat);
  // The page's convolutions read square images of one channel.
  if (network === null || (network.kind === 'convolutional' && ends.side === null)) return null;
  // What cannot be said is not guessed: the configuration must give this very network back.
  if (!sameArchitecture(exploreArchitecture(network, ends), flat)) return null;
  const text = (initializer: string) => {
    const plain = { network, initializer, weightFactor: 1, biases: null };
    return canonical(exploreConfigurationText(plain));
  };
  const law = commonLaw(kernels);
  const same = law === null ? null : text(law);
  if (same !== null) return { text: same, sameLaw: true, ends };
  const factor = typicalFactor(kernels);
  const scaled = factor === null ? null : text(`he-normal times=${Number(Math.sqrt(factor).toPrecision(4))}`);
  return scaled === null ? null : { text: scaled, sameLaw: false, ends };
}

/** Images that are made rows at once are rows, as the page has its images. */
function withoutFlatten(architecture: Architecture): Architecture {
  const { input, layers } = architecture;
  const [first, ...rest] = layers;
  if (!('channels' in input) || first?.kind !== 'flatten') return architecture;
  return { input: { width: numbersOf(input) }, layers: rest };
}

function numbersOf(input: ArchitectureInput): number {
  return 'channels' in input ? input.height * input.width * input.channels : input.width;
}

function endsOf(architecture: Architecture): ExploreEnds {
  const { input } = architecture;
  const square = 'channels' in input && input.height === input.width && input.channels === 1;
  const last = layerShapes(architecture).at(-1);
  const outputs = last === undefined ? 0 : last.height * last.width * last.channels;
  return { inputs: numbersOf(input), side: square ? input.width : null, outputs };
}

function sameArchitecture(a: Architecture, b: Architecture): boolean {
  return JSON.stringify(sortedKeys(a)) === JSON.stringify(sortedKeys(b));
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sortedKeys(each)]));
}

/** A name that every kernel follows. */
function commonLaw(kernels: readonly TensorFindings[]): string | null {
  const names = kernels.map(({ law }) => (law !== null && law.kind === 'catalog' ? law.names : []));
  const [first, ...others] = names;
  return first?.find((name) => others.every((list) => list.includes(name))) ?? null;
}

/** Mean square × fan-in / 2, in the geometric mean of the kernels. */
function typicalFactor(kernels: readonly TensorFindings[]): number | null {
  const factors = kernels.flatMap(({ tensor, summary }) =>
    tensor.fans === null ? [] : [((summary.variance + summary.mean ** 2) * tensor.fans.fanIn) / 2],
  );
  if (factors.length === 0 || !factors.every((factor) => factor > 0 && Number.isFinite(factor))) return null;
  return Math.exp(factors.reduce((sum, factor) => sum + Math.log(factor), 0) / factors.length);
}

/** The text as the page writes it; null for an initializer that does not go with the network. */
function canonical(text: string): string | null {
  try {
    return exploreConfigurationText(parseExploreConfiguration(text));
  } catch {
    return null;
  }
}
