/** The assignment problem: pair the rows of a square matrix with its columns so that the sum of what is paired is largest. */
import { InvalidArgumentError } from '@kindling/core';

/**
 * The best assignment, exactly: shortest augmenting paths with potentials, O(n³). The same bits everywhere; of equally good
 * assignments always the same one. Source: Kuhn, Naval Res. Logist. Q. 2, 1955, in the form of Jonker & Volgenant, Computing 38, 1987.
 *
 * @param gains n × n finite numbers, row-major: what row i with column j is worth
 * @returns by row the column it is paired with
 * @throws InvalidArgumentError for sizes that do not fit, or a number that is not finite
 */
export function bestAssignment(gains: ArrayLike<number>, n: number): Uint32Array {
  checkGains(gains, n);
  // Rows and columns count from 1; 0 is the column that a row comes from before it has one.
  const rowPotential = new Float64Array(n + 1);
  const columnPotential = new Float64Array(n + 1);
  const rowOf = new Uint32Array(n + 1);
  const before = new Uint32Array(n + 1);
  const slack = new Float64Array(n + 1);
  const reached = new Uint8Array(n + 1);
  for (let row = 1; row <= n; row++) {
    rowOf[0] = row;
    slack.fill(Number.POSITIVE_INFINITY);
    reached.fill(0);
    let column = 0;
    do {
      reached[column] = 1;
      const at = rowOf[column] as number;
      const start = (at - 1) * n - 1;
      let [least, next] = [Number.POSITIVE_INFINITY, 0];
      for (let j = 1; j <= n; j++) {
        if (reached[j] === 1) continue;
        const reduced =
          -(gains[start + j] as number) - (rowPotential[at] as number) - (columnPotential[j] as number);
        if (reduced < (slack[j] as number)) {
          slack[j] = reduced;
          before[j] = column;
        }
        if ((slack[j] as number) < least) {
          least = slack[j] as number;
          next = j;
        }
      }
      for (let j = 0; j <= n; j++) {
        if (reached[j] === 1) {
          const held = rowOf[j] as number;
          rowPotential[held] = (rowPotential[held] as number) + least;
          columnPotential[j] = (columnPotential[j] as number) - least;
        } else {
          slack[j] = (slack[j] as number) - least;
        }
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      const from = before[column] as number;
      rowOf[column] = rowOf[from] as number;
      column = from;
    }
  }
  const columnOf = new Uint32Array(n);
  for (let j = 1; j <= n; j++) columnOf[(rowOf[j] as number) - 1] = j - 1;
  return columnOf;
}

function checkGains(gains: ArrayLike<number>, n: number): void {
  if (!(Number.isSafeInteger(n) && n >= 1)) {
    throw new InvalidArgumentError(`bestAssignment: n is ${n}; expected an integer ≥ 1`);
  }
  if (gains.length !== n * n) {
    throw new InvalidArgumentError(
      `bestAssignment: gains hold ${gains.length} numbers; expected ${n} × ${n} = ${n * n}`,
    );
  }
  for (let i = 0; i < gains.length; i++) {
    if (!Number.isFinite(gains[i])) {
      throw new InvalidArgumentError(
        `bestAssignment: the gain of row ${Math.floor(i / n)} and column ${i % n} is ${gains[i]}; expected finite numbers`,
      );
    }
  }
}
