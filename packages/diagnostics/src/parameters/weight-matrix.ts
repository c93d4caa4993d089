/** The matrix that spectra are taken of. */
import { InvalidArgumentError } from '@kindling/core';

/** Numbers row by row. */
export interface WeightMatrix {
  readonly rows: number;
  readonly columns: number;
  /** rows × columns finite numbers, row-major. */
  readonly values: ArrayLike<number>;
}

/** Numbers that a matrix may have here: 400 MB in f64. */
const mostNumbers = 50_000_000;

/** A copy in f64 with at least as many rows as columns: singular values do not change when a matrix is transposed. */
export interface TallMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** @throws InvalidArgumentError for sizes that do not fit, an empty matrix, or numbers that are not finite */
export function tallCopy(caller: string, { rows, columns, values }: WeightMatrix): TallMatrix {
  for (const [name, size] of [
    ['rows', rows],
    ['columns', columns],
  ] as const) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new InvalidArgumentError(`${caller}: ${name} is ${size}; expected an integer ≥ 1`);
    }
  }
  if (rows * columns > mostNumbers) {
    throw new InvalidArgumentError(
      `${caller}: the matrix is ${rows} × ${columns}; expected at most ${mostNumbers} numbers — take some of its rows`,
    );
  }
  if (values.length !== rows * columns) {
    throw new InvalidArgumentError(
      `${caller}: values hold ${values.length} numbers; expected ${rows} × ${columns} = ${rows * columns}`,
    );
  }
  const tall = rows >= columns;
  const copy = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = values[i * columns + j] as number;
      if (value - value !== 0) {
        throw new InvalidArgumentError(
          `${caller}: the number in row ${i}, column ${j} is ${value}; expected finite numbers`,
        );
      }
      copy[tall ? i * columns + j : j * rows + i] = value;
    }
  }
  return tall ? { rows, columns, values: copy } : { rows: columns, columns: rows, values: copy };
}
