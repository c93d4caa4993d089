/** All singular values of a matrix, in plain f64 arithmetic and square roots: the same bits everywhere. */
import { powerOfTwoNear } from '../measure/power-of-two.js';
import { type TallMatrix, tallCopy, type WeightMatrix } from './weight-matrix.js';

/** A bidiagonal matrix: its diagonal, and the numbers right of it. */
interface Bidiagonal {
  readonly diagonal: Float64Array;
  /** One fewer. */
  readonly beside: Float64Array;
}

/**
 * Singular values, descending; as many as the shorter side is long. Each is right to some 10⁻¹⁵ times the largest and the root of the
 * size. Householder reflections make the matrix bidiagonal (Golub & Kahan, SIAM J. Numer. Anal. 2, 1965); the eigenvalues of [0 Bᵀ; B 0],
 * a tridiagonal matrix with a diagonal of zeros, are then found by bisection with Sturm counts. Takes 4·m·n² operations: about a second for
 * 1000 × 500, and 8 bytes a number.
 *
 * @throws InvalidArgumentError for sizes that do not fit, more than 5 · 10⁷ numbers, or numbers that are not finite
 */
export function singularValues(matrix: WeightMatrix): Float64Array {
  const tall = tallCopy('singularValues', matrix);
  const largest = tall.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const result = new Float64Array(tall.columns);
  if (largest === 0) return result;
  // Squares of very large or small numbers would leave f64.
  const unit = powerOfTwoNear(largest);
  for (let i = 0; i < tall.values.length; i++) tall.values[i] = (tall.values[i] as number) / unit;
  return bidiagonalValues(bidiagonalize(tall)).map((value) => value * unit);
}

/** Overwrites the matrix. */
function bidiagonalize({ rows, columns, values }: TallMatrix): Bidiagonal {
  const diagonal = new Float64Array(columns);
  const beside = new Float64Array(Math.max(0, columns - 1));
  const column = new Float64Array(rows);
  const products = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    for (let i = k; i < rows; i++) column[i] = values[i * columns + k] as number;
    const left = reflector(column, k, rows);
    diagonal[k] = left.length;
    if (left.factor !== 0) {
      products.fill(0);
      for (let i = k; i < rows; i++)
        addRow(products, values, i * columns, column[i] as number, k + 1, columns);
      for (let i = k; i < rows; i++)
        addTo(values, i * columns, products, -left.factor * (column[i] as number), k + 1, columns);
    }
    if (k + 1 >= columns) continue;
    const row = values.slice(k * columns, (k + 1) * columns);
    const right = reflector(row, k + 1, columns);
    beside[k] = right.length;
    if (right.factor === 0) continue;
    for (let i = k + 1; i < rows; i++) {
      let product = 0;
      const start = i * columns;
      for (let j = k + 1; j < columns; j++) product += (values[start + j] as number) * (row[j] as number);
      addTo(values, start, row, -right.factor * product, k + 1, columns);
    }
  }
  return { diagonal, beside };
}

/**
 * Turns v from `from` on into the vector of the reflection 1 − factor·v·vᵀ that leaves nothing of it but its first number, which
 * becomes ± length.
 */
function reflector(
  v: Float64Array,
  from: number,
  end: number,
): { readonly length: number; readonly factor: number } {
  let squares = 0;
  for (let i = from; i < end; i++) squares += (v[i] as number) * (v[i] as number);
  const first = v[from] as number;
  const length = Math.sqrt(squares);
  if (length === 0) return { length, factor: 0 };
  // Of the two choices of sign the one that adds, so that nothing cancels.
  const changed = first >= 0 ? first + length : first - length;
  v[from] = changed;
  return { length, factor: 1 / (length * Math.abs(changed)) };
}

function addRow(
  to: Float64Array,
  values: Float64Array,
  start: number,
  factor: number,
  from: number,
  end: number,
): void {
  for (let j = from; j < end; j++) to[j] = (to[j] as number) + factor * (values[start + j] as number);
}

function addTo(
  values: Float64Array,
  start: number,
  v: Float64Array,
  factor: number,
  from: number,
  end: number,
): void {
  for (let j = from; j < end; j++) {
    values[start + j] = (values[start + j] as number) + factor * (v[j] as number);
  }
}

/** Largest singular value of the matrix with this diagonal and these numbers right of it, one fewer (more are not looked at). */
export function largestBidiagonalValue(diagonal: readonly number[], beside: readonly number[]): number {
  const bidiagonal = {
    diagonal: Float64Array.from(diagonal),
    beside: Float64Array.from(beside.slice(0, diagonal.length - 1)),
  };
  return bidiagonalValues(bidiagonal, 1)[0] as number;
}

/** The largest `wanted` singular values of a bidiagonal matrix, descending, by bisection to the last bits. */
function bidiagonalValues(
  { diagonal, beside }: Bidiagonal,
  wanted = diagonal.length,
): Float64Array<ArrayBuffer> {
  const count = diagonal.length;
  /** Squares of what stands beside the zeros of the tridiagonal matrix: d₁, e₁, d₂, e₂, …. */
  const squares = new Float64Array(2 * count - 1);
  for (let i = 0; i < count; i++) {
    squares[2 * i] = (diagonal[i] as number) * (diagonal[i] as number);
    if (i + 1 < count) squares[2 * i + 1] = (beside[i] as number) * (beside[i] as number);
  }
  // No eigenvalue is larger than a row's sum (Gershgorin).
  let bound = 0;
  for (let i = 0; i <= squares.length; i++) {
    bound = Math.max(bound, Math.sqrt(squares[i - 1] ?? 0) + Math.sqrt(squares[i] ?? 0));
  }
  const result = new Float64Array(wanted);
  let top = bound * (1 + 2 ** -50);
  for (let k = 0; k < wanted; k++) {
    // More than k values are above low, at most k above high.
    let [low, high] = [0, top];
    while (high - low > bound * 2 ** -52) {
      const middle = (low + high) / 2;
      if (middle <= low || middle >= high) break;
      if (countAbove(squares, middle) > k) low = middle;
      else high = middle;
    }
    result[k] = (low + high) / 2;
    // The next one is not larger.
    top = high;
  }
  return result;
}

/** Eigenvalues above x > 0 of the tridiagonal matrix with zeros on its diagonal, by the signs of its pivots. */
function countAbove(squares: Float64Array, x: number): number {
  let pivot = -x;
  let above = 0;
  for (let i = 0; i < squares.length; i++) {
    if (pivot === 0) pivot = -Number.MIN_VALUE * 2 ** 52;
    pivot = -x - (squares[i] as number) / pivot;
    if (pivot > 0) above++;
  }
  return above;
}
