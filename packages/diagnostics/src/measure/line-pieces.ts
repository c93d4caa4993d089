/**
 * A net on an interval, exactly: between kinks a ReLU net of one input is linear, so an interval is cut at the kinks of each
 * layer and followed as pieces. A piece on which a layer has no slope left stays constant in every layer behind. The net is
 * constant if no piece reaches the end with a slope: continuity joins the constants. Depth first, so a net that is not
 * constant is usually found out by its first path.
 *
 * Slopes are followed apart from values, in f64, and rescaled where they become small: a slope that is far below the last
 * digit of a value is a slope all the same.
 */

/** A layer's parameters: unit k has weights[i · width + k] and biases[k]. */
export interface LineLayer {
  readonly width: number;
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/** Inputs of a layer along a piece: value + time · slope for 0 ≤ time ≤ duration. */
export interface LinePiece {
  readonly value: readonly number[];
  readonly slope: readonly number[];
  readonly duration: number;
}

/** Kinks nearer than this share of a piece to its ends, or to each other, are one: their distance is rounding. */
const smallestShare = 1e-12;
/** Slopes beyond 2^±300 are brought back by 2^±300; f64 ends at 2^±1022. */
const farSlope = 2 ** 300;

/** What is walked. */
export interface LineWalk {
  readonly depth: number;
  /** The layer of an index; asked for only when a piece gets there. */
  readonly layerOf: (index: number) => LineLayer;
  /** Without biases values may be rescaled with their slopes, which keeps any depth in range. */
  readonly zeroBiases: boolean;
}

/** The pieces of the domain [−r, r], cut at 0, where nets without biases have their kink. */
export function intervalPieces(radius: number): readonly LinePiece[] {
  return [
    { value: [0], slope: [1], duration: radius },
    { value: [0], slope: [-1], duration: radius },
  ];
}

/** True if the piece leaves the last layer with a slope somewhere. The path is kept in a list: nets are deeper than stacks. */
export function keepsSlope(walk: LineWalk, piece: LinePiece): boolean {
  /** What is cut at layers 0, 1, … on the way to where the walk is. */
  const path: CutPiece[] = [];
  let arriving: LinePiece | null = piece;
  for (;;) {
    if (arriving !== null) {
      if (path.length === walk.depth) return true;
      path.push(cut(walk.layerOf(path.length), arriving));
    }
    const last = path.at(-1);
    if (last === undefined) return false;
    arriving = nextPiece(last, walk.zeroBiases);
    if (arriving === null) path.pop();
  }
}

/** A piece in front of a layer's ReLU, cut at the kinks. */
interface CutPiece {
  readonly values: readonly number[];
  readonly slopes: readonly number[];
  readonly kinks: readonly number[];
  /** The part between two kinks that is followed next. */
  next: number;
}

function cut(layer: LineLayer, piece: LinePiece): CutPiece {
  const values = preActivations(layer, piece.value, layer.biases);
  const slopes = preActivations(layer, piece.slope, null);
  return { values, slopes, kinks: kinksOf(values, slopes, piece.duration), next: 0 };
}

/** The next part that has a slope behind ReLU; null when there is none left. */
function nextPiece(piece: CutPiece, zeroBiases: boolean): LinePiece | null {
  const { values, slopes, kinks } = piece;
  while (piece.next + 1 < kinks.length) {
    const start = kinks[piece.next] ?? 0;
    const duration = (kinks[piece.next + 1] ?? 0) - start;
    piece.next += 1;
    const behind = behindRelu(values, slopes, start, duration);
    if (behind !== null) return rescaled(behind, zeroBiases);
  }
  return null;
}

function preActivations(
  { width, weights }: LineLayer,
  inputs: readonly number[],
  biases: Float64Array | null,
): number[] {
  const sums = new Array<number>(width);
  for (let k = 0; k < width; k++) sums[k] = biases === null ? 0 : (biases[k] ?? 0);
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i] ?? 0;
    if (input === 0) continue;
    for (let k = 0; k < width; k++) sums[k] = (sums[k] ?? 0) + input * (weights[i * width + k] ?? 0);
  }
  return sums;
}

/** 0, the times at which a neuron crosses zero, and the duration, in order. */
function kinksOf(values: readonly number[], slopes: readonly number[], duration: number): number[] {
  const least = smallestShare * duration;
  const crossings: number[] = [];
  for (let k = 0; k < values.length; k++) {
    const time = -(values[k] ?? 0) / (slopes[k] ?? 0);
    if (time > least && time < duration - least) crossings.push(time);
  }
  crossings.sort((a, b) => a - b);
  const kinks = [0];
  for (const time of crossings) if (time - (kinks.at(-1) ?? 0) > least) kinks.push(time);
  kinks.push(duration);
  return kinks;
}

/** The piece behind ReLU between two kinks, null when it has no slope. */
function behindRelu(
  values: readonly number[],
  slopes: readonly number[],
  start: number,
  duration: number,
): LinePiece | null {
  const middle = start + duration / 2;
  const value = new Array<number>(values.length);
  const slope = new Array<number>(values.length);
  let moves = false;
  for (let k = 0; k < values.length; k++) {
    const before = values[k] ?? 0;
    const rate = slopes[k] ?? 0;
    const active = before + middle * rate > 0;
    value[k] = active ? Math.max(0, before + start * rate) : 0;
    slope[k] = active ? rate : 0;
    moves ||= slope[k] !== 0;
  }
  return moves ? { value, slope, duration } : null;
}

function rescaled(piece: LinePiece, zeroBiases: boolean): LinePiece {
  let largest = 0;
  for (const x of piece.slope) largest = Math.max(largest, Math.abs(x));
  if (largest <= farSlope && largest >= 1 / farSlope) return piece;
  const factor = largest > 1 ? 1 / farSlope : farSlope;
  const slope = piece.slope.map((x) => x * factor);
  // Without biases the whole net may be scaled; with them only time.
  if (zeroBiases) return { value: piece.value.map((x) => x * factor), slope, duration: piece.duration };
  return { value: piece.value, slope, duration: piece.duration / factor };
}
