/** Passes one input through one random net after the other and tells the length of every layer. */
import { allocateMatrix, type Engine, type Matrix, type RandomKey } from '@kindling/core';
import { checkInitializer, hasZeroBiases, type Initializer } from '@kindling/initializers';
import { checkWidths } from './check-sizes.js';
import { type DrawnLayers, largestLayer, openDrawnLayers, widest } from './drawn-layers.js';
import { checkNetInput, type NetInput, type NetInputOptions, writeNetInput } from './net-input.js';
import type { NetPass, PassedLayer } from './net-pass.js';
import { openOneCallPass } from './one-call-walk.js';
import { powerOfTwo } from './power-of-two.js';
import { passLayer, settle } from './scaled-layer.js';

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
  const zeroBiases = hasZeroBiases(initializer);
  const pass = openOneCallPass(engine, options, rooms) ?? openLayerwiseWalk(engine, caller, options, rooms);
  return (key) => {
    const mark = arena.mark();
    try {
      const room: Matrix = { ...rooms[0], columns: widths[0] ?? 0 };
      const input = writeNetInput(engine, room, key, options, zeroBiases);
      return relativeLengths(engine, input, pass(key, input.activations));
    } finally {
      arena.release(mark);
    }
  };
}

/** Draws a layer, passes it, draws the next: for every initializer. */
function openLayerwiseWalk(
  engine: Engine,
  caller: string,
  options: LengthWalkOptions,
  rooms: readonly [Matrix, Matrix],
): NetPass {
  const { widths } = options;
  const draw: DrawnLayers = openDrawnLayers(engine, caller, options);
  const scratch = engine.arena.allocateFloats(largestLayer(widths));
  return (key, input) => {
    let current = input;
    return widths.slice(1).map((width, index) => {
      const out: Matrix = { ...rooms[index % 2 === 0 ? 1 : 0], columns: width };
      const passed = passLayer(engine, current, draw(key, index), out, scratch);
      current = settle(engine, passed);
      return passed;
    });
  };
}

function relativeLengths(engine: Engine, input: NetInput, passed: readonly PassedLayer[]): WalkedLengths {
  const isZero = input.activations.square === 0;
  const reference = isZero ? 1 : input.activations.square;
  const start = input.activations.exponent;
  const lengths: number[] = [];
  const logLengths: number[] = [];
  for (const { square, exponent } of passed) {
    const relative = square / reference;
    const doublings = 2 * (exponent - start);
    // A dead layer is 0 however far the scale has run: 0 · ∞ would have no value.
    lengths.push(square === 0 ? 0 : relative * powerOfTwo(doublings));
    logLengths.push(engine.kernels.log_f64(relative) + doublings * Math.LN2);
  }
  if (isZero) return { lengths, logLengths, inputLength: 1, logInputLength: 0 };
  return { lengths, logLengths, inputLength: input.length, logInputLength: input.logLength };
}
