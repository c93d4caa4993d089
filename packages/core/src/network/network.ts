/**
 * Networks of any architecture: where their parameters and activations lie. Which numbers the parameters hold is the business of
 * an initializer, how they change that of a trainer.
 */
import type { Architecture } from '../architecture/architecture.js';
import { convolutionScratchFloats } from '../convolution/geometry.js';
import type { Engine } from '../engine.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { allocateScratch, type Scratch } from '../memory/scratch.js';
import {
  allocateChannelStatistics,
  batchNormScratchFloats,
  type ChannelStatistics,
} from '../normalization/batch-normalization.js';
import { type Images, imagesAt } from '../tensor/images.js';
import { allocateMatrix, type Matrix, packedFloats } from '../tensor/matrix.js';
import type { SparseRows } from '../tensor/sparse-rows.js';
import { compileArchitecture, type ParameterShape, type Program, type Value } from './program.js';
import { planRooms, type RoomPlan } from './rooms.js';

/** A parameter and where its numbers lie. */
export interface Parameter extends ParameterShape {
  readonly matrix: Matrix;
}

export interface Network {
  readonly architecture: Architecture;
  readonly program: Program;
  /** In the order of `listParameters`. */
  readonly parameters: readonly Parameter[];
}

/**
 * Which activations a pass leaves behind: `all`, as backward needs them, or the `output` only; then values share memory and a net
 * of a thousand layers takes little more than its widest few.
 */
export type KeptActivations = 'all' | 'output';

/** Room for passes of up to `batch` rows or images. */
export interface NetworkWorkspace {
  readonly batch: number;
  readonly keeps: KeptActivations;
  /** By value of the program. That of the input is used where the input has no border that a convolution needs. */
  readonly values: readonly Images[];
  /** By step; only batch normalizations have some. */
  readonly statistics: readonly (ChannelStatistics | null)[];
  readonly scratch: Scratch;
  /** The values of the last pass, the input itself among them; empty before the first. That of a sparse input is only a size. */
  current: Images[];
  /** The input of the last pass where it was sparse rows. */
  sparse: SparseRows | null;
}

/**
 * Room for a network in the arena. Weights are not set; other parameters start from `initial`.
 *
 * @param architecture checked, as by `parseArchitecture`
 * @throws OutOfMemoryError when there is no room
 */
export function allocateNetwork(engine: Engine, architecture: Architecture): Network {
  const program = compileArchitecture(architecture);
  const parameters = program.parameters.map((shape): Parameter => {
    const matrix = allocateMatrix(engine, shape.rows, shape.columns);
    if (shape.kind !== 'weights') {
      engine.arena.floats(matrix.pointer, matrix.rows * matrix.stride).fill(shape.initial);
    }
    return { ...shape, matrix };
  });
  return { architecture, program, parameters };
}

/**
 * Room for passes of up to `batch` rows or images through `network`.
 *
 * @param keeps default: the output only
 * @throws InvalidArgumentError unless batch is an integer ≥ 1
 * @throws OutOfMemoryError when there is no room
 */
export function allocateWorkspace(
  engine: Engine,
  network: Network,
  batch: number,
  keeps: KeptActivations = 'output',
): NetworkWorkspace {
  requireBatch('allocateWorkspace', batch);
  const { program } = network;
  const plan = planValues(program, batch, keeps);
  const pointers = plan.rooms.map((floats) => engine.arena.allocateFloats(floats));
  const values = program.values.map((value, index) =>
    imagesOf(value, batch, pointers[plan.roomOf[index] ?? 0] ?? 0),
  );
  const statistics = program.steps.map((step) =>
    step.kind === 'batch-normalization'
      ? allocateChannelStatistics(engine, shapeOf(program, step.input).channels)
      : null,
  );
  const scratch = allocateScratch(engine, scratchFloats(program));
  return { batch, keeps, values, statistics, scratch, current: [], sparse: null };
}

/** The images of a value, its memory beginning at `start`. */
export function imagesOf({ shape, border }: Value, batch: number, start: number): Images {
  return imagesAt({ ...shape, batch }, start, { border });
}

/** Floats of a value's memory. */
export function valueFloats(value: Value, batch: number): number {
  return batch * imagesOf(value, batch, 0).imageStride;
}

/** Where the values of a forward pass lie. */
export function planValues(program: Program, batch: number, keeps: KeptActivations): RoomPlan {
  const producer = new Map(program.steps.map((step, index) => [step.output, index]));
  const end = program.steps.length;
  return planRooms(
    program.values.map((value, index) => ({
      // An input that needs no border is read where it lies.
      floats: index === 0 && !hasBorder(value) ? 0 : valueFloats(value, batch),
      from: producer.get(index) ?? -1,
      to: keeps === 'all' || value.lastReader < 0 ? end : value.lastReader,
    })),
  );
}

function hasBorder({ border }: Value): boolean {
  return border.top + border.bottom + border.left + border.right > 0;
}

/** Scratch that every step can do with, forward and backward. */
export function scratchFloats(program: Program): number {
  const floats = program.steps.map((step) => {
    const input = shapeOf(program, step.input);
    const outputs = shapeOf(program, step.output).channels;
    if (step.kind === 'dense') {
      return Math.max(packedFloats(input.channels, outputs), packedFloats(outputs, input.channels));
    }
    if (step.kind === 'conv2d') return convolutionScratchFloats(step.convolution, input, outputs);
    return step.kind === 'batch-normalization' ? batchNormScratchFloats(outputs) : 0;
  });
  return floats.reduce((most, count) => Math.max(most, count), 0);
}

/** The shape of a value. */
export function shapeOf(program: Program, value: number) {
  const found = program.values[value];
  if (found === undefined) throw new RangeError(`there is no value ${value} in the program`);
  return found.shape;
}

/** @throws InvalidArgumentError, in the name of `caller`, unless batch is an integer ≥ 1 */
export function requireBatch(caller: string, batch: number): void {
  if (!Number.isSafeInteger(batch) || batch < 1) {
    throw new InvalidArgumentError(`${caller}: batch is ${batch}; expected an integer ≥ 1`);
  }
}
