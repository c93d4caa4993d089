/** The grid of the explorable: the parts of the spec for every configuration, and what each costs. */
import {
  type Architecture,
  estimateNetworkMemory,
  InvalidArgumentError,
  layerShapes,
  listParameters,
  shortened,
} from '@kindling/core';
import { networkWalkMemory } from '@kindling/diagnostics';
import { type Initializer, needsData } from '@kindling/initializers';
import { estimateTrainingMemory } from '@kindling/trainer';
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import {
  type ExploreConfiguration,
  exploreArchitectureOf,
  exploreConfigurationText,
  exploreInitializer,
} from './configuration/configuration.js';
import { type ExploreEnds, hiddenPart } from './configuration/network.js';
import { functionPoints } from './function-points.js';
import { type ExploreSpec, exploreEnds, readExploreSpec } from './spec.js';

/** What is asked of a configuration, in the order of the cells. */
export const exploreParts = ['verdict', 'lengths', 'neurons', 'training'] as const;

/** One of them. */
export type ExplorePart = (typeof exploreParts)[number];

/** One grid point: a part of one configuration. */
export interface ExploreCell extends Cell {
  readonly part: ExplorePart;
  /** Index into `spec.configurations`. */
  readonly index: number;
  readonly configuration: ExploreConfiguration;
  /** The configuration between the data's ends. */
  readonly architecture: Architecture;
  readonly initializer: Initializer;
  /** As `exploreConfigurationText` writes it. */
  readonly text: string;
  /** Name of the nets: trial i of every part of one configuration draws the same net under it. */
  readonly net: string;
  /** Kernel memory of one trial in bytes, the data set aside. */
  readonly bytes: number;
}

/** Training images that maps of neurons take, the first ones; of a function all points. */
export const exploreNeuronImages = 1000;
/** Images passed at once for a map. */
export const exploreNeuronBatch = 250;
/** Training images that a look at the layers of a net in training takes, the first ones; of a function all points. */
export const exploreLookImages = 256;

/** A number is drawn in about this many operations' time. */
const operationsPerDraw = 12;
/** Convolutions and small products reach a fraction of the speed that `Cell.cost` assumes. */
const slowness = 5;
/** Passes that a verdict by simulation and its remedies are worth, roughly. */
const verdictPasses = 500;

const known = new WeakMap<ExploreSpec, readonly ExploreCell[]>();

/** Every grid point: part by part, so that all nets' first results come early. Those of one spec are made once. */
export function exploreCells(spec: ExploreSpec): readonly ExploreCell[] {
  const cells = known.get(spec) ?? makeCells(spec);
  known.set(spec, cells);
  return cells;
}

function makeCells(spec: ExploreSpec): readonly ExploreCell[] {
  const ends = exploreEnds(spec.data);
  const nets = spec.configurations.map((configuration, index) => {
    const text = exploreConfigurationText(configuration);
    const architecture = exploreArchitectureOf(configuration, ends);
    const initializer = exploreInitializer(configuration);
    return { configuration, index, text, architecture, initializer, ...sizesOf(architecture) };
  });
  return exploreParts.flatMap((part) => {
    const trials = trialsOf(spec, part);
    if (trials === 0) return [];
    return nets.map((net): ExploreCell => {
      const { configuration, index, text, architecture, initializer } = net;
      const name = `${endsText(ends)}/${text}`;
      let bytes: number | null = null;
      return {
        id: `${part}/${name}`,
        trials,
        part,
        index,
        configuration,
        architecture,
        initializer,
        text,
        net: name,
        cost: costOf(spec, part, net),
        // Rooms of a pass are planned for it, which takes longer than all the rest, and few ask.
        get bytes() {
          bytes ??= bytesOf(spec, part, net);
          return bytes;
        },
      };
    });
  });
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findExploreCell = cellFinder('explore', exploreCells);

/** Such as `784-10`: what the data decide of a net, and so of its random numbers. */
function endsText({ inputs, outputs }: ExploreEnds): string {
  return `${inputs}-${outputs}`;
}

function trialsOf({ lengths, neurons, verdict, training }: ExploreSpec, part: ExplorePart): number {
  switch (part) {
    case 'verdict':
      return verdict ? 1 : 0;
    case 'lengths':
      return lengths?.nets ?? 0;
    case 'neurons':
      return neurons?.nets ?? 0;
    case 'training':
      return training?.runs ?? 0;
  }
}

interface NetSizes {
  readonly parameters: number;
  /** Products of one input's pass. */
  readonly products: number;
}

function sizesOf(architecture: Architecture): NetSizes {
  const shapes = layerShapes(architecture);
  let parameters = 0;
  let products = 0;
  for (const { name, rows, columns, kind } of listParameters(architecture)) {
    parameters += rows * columns;
    if (kind !== 'weights') continue;
    const layer = Number(/^layers\[(\d+)\]/.exec(name)?.[1] ?? 0);
    const { height = 1, width = 1 } = shapes[layer] ?? {};
    products += rows * columns * height * width;
  }
  return { parameters, products };
}

function costOf(spec: ExploreSpec, part: ExplorePart, { parameters, products }: NetSizes): number {
  const draw = operationsPerDraw * parameters;
  const inputs = inputsOf(spec);
  switch (part) {
    case 'verdict':
      return verdictPasses * 2 * Math.max(products, 10_000);
    case 'lengths':
      return draw + 2 * products;
    case 'neurons':
      return draw + 2 * products * inputs.mapped;
    case 'training': {
      const { epochs = 0 } = spec.training ?? {};
      const epoch = 6 * inputs.train + 2 * inputs.test + 6 * inputs.looked;
      return draw + epochs * epoch * products * slowness;
    }
  }
}

/** How many inputs there are, and how many of them are looked at. */
function inputsOf({ data }: ExploreSpec) {
  if (data.kind === 'function') {
    const points = functionPoints(data.name);
    return { train: points, test: 0, mapped: points, mappedAtOnce: points, looked: points };
  }
  const { trainCount: train, testCount: test } = data.identity;
  const mapped = Math.min(train, exploreNeuronImages);
  return {
    train,
    test,
    mapped,
    mappedAtOnce: Math.min(mapped, exploreNeuronBatch),
    looked: Math.min(train, exploreLookImages),
  };
}

function bytesOf(
  spec: ExploreSpec,
  part: ExplorePart,
  { architecture, initializer }: Pick<ExploreCell, 'architecture' | 'initializer'>,
): number {
  const inputs = inputsOf(spec);
  const kept = (batch: number) => {
    const { parameters, keepingAll } = estimateNetworkMemory(architecture, batch);
    return parameters + keepingAll;
  };
  if (part === 'lengths' || part === 'verdict') {
    if (needsData(initializer)) return kept(inputs.looked);
    return networkWalkMemory(hiddenPart(architecture), { batch: 1, initializer });
  }
  if (part === 'neurons' || spec.training === null) return kept(inputs.mappedAtOnce);
  const { batchSize, optimizer } = spec.training;
  const rows = Math.min(batchSize, Math.max(inputs.train, inputs.test));
  // Functions are passed all at once.
  const passed = spec.data.kind === 'function' ? inputs.train : rows;
  return (
    estimateTrainingMemory(architecture, passed, optimizer) +
    estimateNetworkMemory(architecture, inputs.looked).training
  );
}

/** Most kernel memory that a trial may take: wasm has 4 GB, and a page or a laptop seldom more for one of its threads. */
export const mostExploreBytes = 2 ** 31;

/**
 * Reads a spec from JSON, and refuses what does not fit into memory before anything is paid.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseExploreSpec(value: unknown): ExploreSpec {
  const spec = readExploreSpec(value);
  for (const { part, index, bytes, text } of exploreCells(spec)) {
    if (bytes <= mostExploreBytes) continue;
    throw new InvalidArgumentError(
      `explore: configurations.${index}: ${part} of ${shortened(text)} takes ${gigabytes(bytes)} of memory; expected at most ${gigabytes(mostExploreBytes)} — make it narrower or shallower${part === 'training' ? ', take smaller batches' : ''}, or leave ${part} out`,
      { details: { field: `configurations.${index}`, part, bytes } },
    );
  }
  return spec;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`;
}
