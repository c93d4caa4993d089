/**
 * One network with the weights it has, not random ones: a real pass forward and a real pass backward on a batch of inputs. f32 throughout, as
 * the frameworks compute: what underflows here underflows there.
 */
import {
  type Engine,
  forwardNetwork,
  type Images,
  InvalidArgumentError,
  type Layer,
  type Matrix,
  type Network,
  openStream,
  portableMath,
  type RandomKey,
  readImages,
  rowsOf,
  type Step,
  sumSquares,
  sumSquaresOfImages,
  type TensorShape,
  valuesRead,
} from '@kindling/core';
import { allocateNetworkTraining, findBottlenecks, passNetworkBackward } from '@kindling/trainer';

/** Units of a layer that ends in ReLU; of images a channel is one. */
export interface DeadUnits {
  readonly width: number;
  /** Above 0 for some input (at some pixel). */
  readonly active: number;
  /** Dead, but some weight before the layer gets gradient, so that the layer's inputs will change. */
  readonly tentativelyDead: number;
  /** Dead, and no weight before it gets any: nothing can revive it as things stand. Always so in the first layer. */
  readonly permanentlyDead: number;
}

/** One layer, inner layers of blocks included. */
export interface MeasuredLayer {
  /** `layers[2]`, `layers[3].branch[0]`. */
  readonly path: string;
  readonly kind: Layer['kind'];
  /** Blocks it stands in. */
  readonly nested: number;
  readonly shape: TensorShape;
  /** M_l/M_0: mean square of its outputs over the batch, relative to the inputs'. */
  readonly length: number;
  /** Its natural logarithm; −Infinity where every number is zero, NaN where some are not finite. */
  readonly logLength: number;
  /**
   * Natural logarithm of the squared gradient by its outputs, ‖∂L/∂y‖² in the mean over the batch, where L is a random linear function of the
   * network's outputs with standard normal coefficients, another one for every input.
   */
  readonly logGradient: number;
  /** Of layers that end in ReLU; `null` of others. */
  readonly dead: DeadUnits | null;
}

/** What a pass forward and backward finds. */
export interface WeightsMeasurement {
  readonly batch: number;
  /** M_0: mean square of the inputs. */
  readonly inputLength: number;
  /** First layer first; a residual block stands behind its inner layers. */
  readonly layers: readonly MeasuredLayer[];
  /** Paths of bottlenecks that are zero for every input: the network is a constant function. */
  readonly closed: readonly string[];
}

/**
 * Passes a batch through a network and a random gradient back. Takes no memory that it does not give back.
 *
 * @param inputs one a row, at least one, finite and not all zero
 * @param key of the coefficients of L
 * @throws InvalidArgumentError for inputs that do not fit, or outputs that are images; OutOfMemoryError when there is no room
 */
export function measureWeights(
  engine: Engine,
  network: Network,
  inputs: Matrix,
  key: RandomKey,
): WeightsMeasurement {
  const square = sumSquares(engine, inputs) / (inputs.rows * inputs.columns);
  if (!(square > 0 && Number.isFinite(square))) {
    throw new InvalidArgumentError(
      `measureWeights: the inputs have mean square ${square}; expected finite numbers, not all zero`,
    );
  }
  const { program } = network;
  const mark = engine.arena.mark();
  try {
    const training = allocateNetworkTraining(engine, network, inputs.rows);
    const found = new Map<string, Omit<MeasuredLayer, 'logGradient' | 'dead'>>();
    const outputs = forwardNetwork(engine, network, inputs, training.forward, (place, images) => {
      const { path, kind, nested } = place;
      const { height, width, channels } = images;
      const length = meanSquare(engine, images) / square;
      found.set(path, {
        ...{ path, kind, nested, length },
        shape: { height, width, channels },
        logLength: portableMath.log(length),
      });
    });
    const active = program.steps.map((step) => activeUnits(engine, step, training.forward.current));
    const seed = training.gradients.at(-1) ?? outputs;
    const rows = rowsOf(seed);
    const stream = openStream(engine, key);
    for (let row = 0; row < rows.rows; row++) {
      engine.kernels.fill_normal(stream, rows.columns, rows.pointer + 4 * row * rows.stride, 1);
    }
    const gradients = new Map<string, number>();
    const moving = new Set<number>();
    passNetworkBackward(
      engine,
      network,
      training,
      (parameter, gradient) => {
        // NaN and ∞ move, too.
        if (sumSquares(engine, gradient) !== 0) moving.add(parameter);
      },
      ({ path }, gradient) => {
        gradients.set(path, sumSquaresOfImages(engine, gradient) / inputs.rows);
      },
    );
    const before = parametersBefore(program.steps);
    const dead = new Map<string, DeadUnits>();
    program.steps.forEach((step, index) => {
      const units = active[index];
      if (units === null || units === undefined || step.place === null) return;
      const alive = units.reduce((sum, unit) => sum + unit, 0);
      const revivable = [...(before[index] ?? [])].some((parameter) => moving.has(parameter));
      dead.set(step.place.path, {
        width: units.length,
        active: alive,
        tentativelyDead: revivable ? units.length - alive : 0,
        permanentlyDead: revivable ? 0 : units.length - alive,
      });
    });
    const closed = findBottlenecks(program).flatMap(({ step }) => {
      const path = program.steps[step]?.place?.path;
      return path !== undefined && active[step]?.every((unit) => unit === 0) === true ? [path] : [];
    });
    return {
      batch: inputs.rows,
      inputLength: square,
      layers: [...found.values()].map((layer) => ({
        ...layer,
        logGradient: portableMath.log(gradients.get(layer.path) ?? Number.NaN),
        dead: dead.get(layer.path) ?? null,
      })),
      closed,
    };
  } finally {
    engine.arena.release(mark);
  }
}

function meanSquare(engine: Engine, images: Images): number {
  const { batch, height, width, channels } = images;
  return sumSquaresOfImages(engine, images) / (batch * height * width * channels);
}

/** 1 for every unit that is above 0 somewhere; `null` of steps that do not end in ReLU. */
function activeUnits(engine: Engine, step: Step, values: readonly Images[]): Uint8Array | null {
  const images = values[step.output];
  if (!('activation' in step) || step.activation !== 'relu' || images === undefined) return null;
  const units = new Uint8Array(images.channels);
  const numbers = readImages(engine, images);
  for (let i = 0; i < numbers.length; i++) {
    // NaN has left f32 upwards: it is not dead.
    if (!((numbers[i] as number) <= 0)) units[i % units.length] = 1;
  }
  return units;
}

/** By step, the parameters whose change could change what it reads. */
function parametersBefore(steps: readonly Step[]): readonly ReadonlySet<number>[] {
  const behind = new Map<number, ReadonlySet<number>>();
  return steps.map((step) => {
    const before = new Set<number>(valuesRead(step).flatMap((value) => [...(behind.get(value) ?? [])]));
    const own = 'weights' in step ? [step.weights, ...(step.biases === null ? [] : [step.biases])] : [];
    const normalizing = step.kind === 'batch-normalization' ? [step.gamma, step.beta] : [];
    const scale = step.kind === 'sum' && typeof step.scale !== 'number' ? [step.scale.parameter] : [];
    behind.set(step.output, new Set([...before, ...own, ...normalizing, ...scale]));
    return before;
  });
}
