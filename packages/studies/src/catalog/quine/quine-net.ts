/**
 * The net of Chang & Lipson (arXiv 1803.05859) that is asked for its own parameters: the one-hot coordinate c of a parameter → a fixed
 * random projection to `width` numbers → SELU → width → SELU → width → SELU → one number, f(c). No biases; 2·width² + width
 * parameters, 20,100 at width 100, in one piece: W₁ and W₂ (row by row, fan-in × fan-out), then w₃. The projection is not among them,
 * and as it meets one-hot inputs only its rows count: they are drawn and bent once.
 */
import {
  deriveKey,
  type Engine,
  keyPurpose,
  type Matrix,
  openStream,
  type Pointer,
  type RandomKey,
} from '@kindling/core';

/** One net in the kernels' memory. */
export interface QuineNet {
  readonly width: number;
  /** 2·width² + width. */
  readonly count: number;
  /** 1 × count, without padding. */
  readonly parameters: Matrix;
  /** Laid out as they are. */
  readonly gradient: Pointer;
  /** count × width: SELU of the rows of the projection. */
  readonly features: Pointer;
}

/** What passes over up to `rows` coordinates at once work in. */
export interface QuineRoom {
  readonly rows: number;
  /** rows × width each: features, the two hidden layers, and gradients by them. */
  readonly input: Pointer;
  readonly first: Pointer;
  readonly second: Pointer;
  readonly delta: Pointer;
  readonly belowDelta: Pointer;
  /** rows × 4, of which the first column counts. */
  readonly outputs: Pointer;
  readonly scratch: Pointer;
}

/** Floats from one output to the next: what a product needs to write one column. */
const outputStride = 4;

/** Parameters of a net of this width. */
export function quineParameters(width: number): number {
  return 2 * width * width + width;
}

/**
 * A net as PyTorch would draw it: weights uniform within ±1/√width, variance 1/(3·width); the projection normal of the same
 * variance. That is our reading, chosen because the published initial loss fits it and does not fit He's law.
 *
 * @param width a multiple of 4, so that every row is whole vectors
 */
export function openQuineNet(engine: Engine, width: number, key: RandomKey): QuineNet {
  const { arena, kernels } = engine;
  const count = quineParameters(width);
  const pointer = arena.allocateFloats(count);
  const gradient = arena.allocateFloats(count);
  const features = arena.allocateFloats(count * width);
  const bound = 1 / Math.sqrt(width);
  kernels.fill_uniform(openStream(engine, deriveKey(key, keyPurpose.weights)), count, pointer, -bound, bound);
  const rows = openStream(engine, deriveKey(key, keyPurpose.input));
  kernels.fill_normal(rows, count * width, features, 1 / Math.sqrt(3 * width));
  kernels.selu(count * width, features);
  const parameters = { pointer, rows: 1, columns: count, stride: count };
  return { width, count, parameters, gradient, features };
}

/** Room for passes over up to `rows` coordinates of nets of this width. */
export function openQuineRoom({ arena }: Engine, width: number, rows: number): QuineRoom {
  const layer = () => arena.allocateFloats(rows * width);
  return {
    rows,
    input: layer(),
    first: layer(),
    second: layer(),
    delta: layer(),
    belowDelta: layer(),
    outputs: arena.allocateFloats(rows * outputStride),
    scratch: arena.allocateFloats(width * width),
  };
}

/** f(c) for all coordinates, in order, into `out` (count floats). */
export function predictAll(engine: Engine, net: QuineNet, room: QuineRoom, out: Pointer): void {
  const { count, width, features } = net;
  for (let start = 0; start < count; start += room.rows) {
    const rows = Math.min(room.rows, count - start);
    passForward(engine, net, room, features + 4 * start * width, rows);
    const outputs = engine.arena.floats(room.outputs, rows * outputStride);
    const target = engine.arena.floats(out + 4 * start, rows);
    for (let i = 0; i < rows; i++) target[i] = outputs[i * outputStride] ?? 0;
  }
}

/**
 * The gradient of Σ (f(c) − t_c)² over some coordinates by the parameters, into `net.gradient`; t is a constant.
 *
 * @param coordinates u32 each, at most room.rows
 * @param targets t by coordinate: count floats
 * @returns 2(f(c) − t_c) at these coordinates, in room.outputs
 */
export function quineGradient(
  engine: Engine,
  net: QuineNet,
  room: QuineRoom,
  coordinates: Uint32Array,
  targets: Float32Array,
): void {
  const { kernels, arena } = engine;
  const { width, features, gradient } = net;
  const { input, first, second, delta, belowDelta, outputs, scratch } = room;
  const rows = coordinates.length;
  const all = arena.floats(features, net.count * width);
  const batch = arena.floats(input, rows * width);
  coordinates.forEach((c, i) => {
    batch.set(all.subarray(c * width, (c + 1) * width), i * width);
  });
  passForward(engine, net, room, input, rows);
  const errors = arena.floats(outputs, rows * outputStride);
  coordinates.forEach((c, i) => {
    errors[i * outputStride] = 2 * ((errors[i * outputStride] ?? 0) - (targets[c] ?? 0));
  });
  const [, w2, w3] = layersOf(net, net.parameters.pointer);
  const [g1, g2, g3] = layersOf(net, gradient);
  const floats = rows * width;
  kernels.sgemm_tn(1, width, rows, outputs, outputStride, second, width, g3, width);
  kernels.sgemm_nn(rows, width, 1, outputs, outputStride, w3, width, delta, width, scratch);
  kernels.selu_backward(floats, delta, second);
  kernels.sgemm_tn(width, width, rows, first, width, delta, width, g2, width);
  kernels.sgemm_nt(rows, width, width, delta, width, w2, width, belowDelta, width, scratch);
  kernels.selu_backward(floats, belowDelta, first);
  kernels.sgemm_tn(width, width, rows, input, width, belowDelta, width, g1, width);
}

/** Takes the gradient by the targets along, too: (f(c) − θ_c)² falls by 2(f(c) − θ_c) when θ_c rises. After `quineGradient`. */
export function addTargetGradient(
  { arena }: Engine,
  { gradient, count }: QuineNet,
  { outputs }: QuineRoom,
  coordinates: Uint32Array,
): void {
  const errors = arena.floats(outputs, coordinates.length * outputStride);
  const gradients = arena.floats(gradient, count);
  coordinates.forEach((c, i) => {
    gradients[c] = (gradients[c] ?? 0) - (errors[i * outputStride] ?? 0);
  });
}

function passForward(engine: Engine, net: QuineNet, room: QuineRoom, input: Pointer, rows: number): void {
  const { kernels } = engine;
  const { width } = net;
  const { first, second, outputs, scratch } = room;
  const [w1, w2, w3] = layersOf(net, net.parameters.pointer);
  kernels.sgemm_nn(rows, width, width, input, width, w1, width, first, width, scratch);
  kernels.selu(rows * width, first);
  kernels.sgemm_nn(rows, width, width, first, width, w2, width, second, width, scratch);
  kernels.selu(rows * width, second);
  kernels.sgemm_nt(rows, 1, width, second, width, w3, width, outputs, outputStride, scratch);
}

/** Where W₁, W₂ and w₃ lie behind `start`. */
function layersOf({ width }: QuineNet, start: Pointer): readonly [Pointer, Pointer, Pointer] {
  const bytes = 4 * width * width;
  return [start, start + bytes, start + 2 * bytes];
}
