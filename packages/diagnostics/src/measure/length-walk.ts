/** Passes one input through one random net after the other and tells the length of every layer. */
import { allocateMatrix, type Engine, type Matrix, type Pointer, type RandomKey } from '@kindling/core';
import { checkInitializer, hasZeroBiases, type Initializer } from '@kindling/initializers';
import { checkWidths } from './check-sizes.js';
import { type DrawnLayers, largestLayer, openDrawnLayers, widest } from './drawn-layers.js';
import { checkNetInput, type NetInput, type NetInputOptions, writeNetInput } from './net-input.js';
import { powerOfTwo } from './power-of-two.js';
import { passLayer, type ScaledActivations, settle } from './scaled-layer.js';

/** Which nets, and which inputs. */
export interface LengthWalkOptions extends NetInputOptions {
  /** The input's width, then every ReLU layer's. */
  readonly widths: readonly number[];
  readonly initializer: Initializer;
}

/** Lengths of one net, relative to its input's. */
export interface LengthMeasurement {
  /** M_j / M₀ for j = 1 … d. A value beyond the range of f64 is 0 or Infinity; its logarithm stands beside it. */
  readonly lengths: readonly number[];
  /** log(M_j / M₀), natural; −Infinity exactly where a layer is dead (all its activations are zero). */
  readonly logLengths: readonly number[];
}

/** One net's lengths, and what they are relative to. */
export interface WalkedLengths extends LengthMeasurement {
  /** M₀ of the true input; of a data point that is zero 1, so that lengths have something to be relative to. */
  readonly inputLength: number;
  /** Its natural logarithm, finite also where f64 cannot hold M₀. */
  readonly logInputLength: number;
}

/** Measures the net of a key. Takes no memory that it does not give back. */
export type LengthWalk = (key: RandomKey) => WalkedLengths;

/**
 * Room in the arena for walking nets of one kind: the caller marks and releases.
 *
 * @throws InvalidArgumentError for widths, an initializer, an input or data that cannot be
 */
export function openLengthWalk(engine: Engine, caller: string, options: LengthWalkOptions): LengthWalk {
  const { widths, initializer } = options;
  checkWidths(caller, widths);
  checkInitializer(caller, initializer);
  checkNetInput(engine, caller, widths[0] ?? 0, options);
  const { arena } = engine;
  const rooms = [
    allocateMatrix(engine, 1, widest(widths)),
    allocateMatrix(engine, 1, widest(widths)),
  ] as const;
  const draw = openDrawnLayers(engine, caller, options);
  const scratch = arena.allocateFloats(largestLayer(widths));
  const zeroBiases = hasZeroBiases(initializer);
  return (key) => {
    const mark = arena.mark();
    try {
      const room: Matrix = { ...rooms[0], columns: widths[0] ?? 0 };
      const input = writeNetInput(engine, room, key, options, zeroBiases);
      return walk(engine, { widths, key, input, rooms, scratch, draw });
    } finally {
      arena.release(mark);
    }
  };
}

interface Walk {
  readonly widths: readonly number[];
  readonly key: RandomKey;
  readonly input: NetInput;
  readonly rooms: readonly [Matrix, Matrix];
  readonly scratch: Pointer;
  readonly draw: DrawnLayers;
}

function walk(engine: Engine, { widths, key, input, rooms, scratch, draw }: Walk): WalkedLengths {
  const isZero = input.activations.square === 0;
  const reference = isZero ? 1 : input.activations.square;
  const start = input.activations.exponent;
  const lengths: number[] = [];
  const logLengths: number[] = [];
  let current: ScaledActivations = input.activations;
  for (let layer = 1; layer < widths.length; layer++) {
    const out: Matrix = { ...rooms[layer % 2 === 0 ? 0 : 1], columns: widths[layer] ?? 0 };
    const passed = passLayer(engine, current, draw(key, layer - 1), out, scratch);
    const relative = passed.square / reference;
    const doublings = 2 * (passed.exponent - start);
    // A dead layer is 0 however far the scale has run: 0 · ∞ would have no value.
    lengths.push(passed.square === 0 ? 0 : relative * powerOfTwo(doublings));
    logLengths.push(engine.kernels.log_f64(relative) + doublings * Math.LN2);
    current = settle(engine, passed);
  }
  if (isZero) return { lengths, logLengths, inputLength: 1, logInputLength: 0 };
  return { lengths, logLengths, inputLength: input.length, logInputLength: input.logLength };
}
