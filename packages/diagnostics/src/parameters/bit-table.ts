/** The largest |Z| over the layers of a type, and how likely one as large is by chance. */
import { type BitGroupName, type BitTest, bitGroups } from './bit-test.js';
import { largestOfManyPValue } from './normal-tail.js';
import type { RunsTest } from './runs-test.js';

/** What is compared over layers: the groups, and the numbers themselves. */
export type BitColumn = BitGroupName | 'values';

/** Every `BitColumn`. */
export const bitColumns: readonly BitColumn[] = [...bitGroups.map(({ name }) => name), 'values'];

/** The largest |Z| of a column. */
export interface LargestZ {
  /** |Z|. */
  readonly z: number;
  /** Layers that this part could be tested of. */
  readonly layers: number;
  /**
   * P(the largest of so many is as large), 1 − (1 − p)^layers. Assumes that layers are independent and every order of a layer's numbers
   * equally likely, which is what is tested.
   */
  readonly pValue: number;
  /** Where it is in the list that was given. */
  readonly index: number;
}

/** A row of the table. */
export interface BitTableRow {
  readonly type: string;
  /** Layers of the type that were tested. */
  readonly layers: number;
  /** Those that were not, `refusal` telling why. */
  readonly refused: number;
  readonly columns: Readonly<Record<BitColumn, LargestZ | null>>;
}

/** A layer's type, such as `convolution weights`, and what was found of it. */
export interface TypedBitTest {
  readonly type: string;
  readonly test: BitTest;
}

/** Rows in the order in which types first appear. */
export function bitTable(layers: readonly TypedBitTest[]): readonly BitTableRow[] {
  return [...new Set(layers.map(({ type }) => type))].map((type) => {
    const own = layers.filter((layer) => layer.type === type);
    const tested = own.filter(({ test }) => test.refusal === null).length;
    const columns = Object.fromEntries(
      bitColumns.map((column) => [column, largestOf(layers, type, column)]),
    ) as Record<BitColumn, LargestZ | null>;
    return { type, layers: tested, refused: own.length - tested, columns };
  });
}

/** The test of a column; `null` where it could not be made. */
export function testOfColumn({ groups, values }: BitTest, column: BitColumn): RunsTest | null {
  return column === 'values' ? values : groups[column];
}

function largestOf(layers: readonly TypedBitTest[], type: string, column: BitColumn): LargestZ | null {
  const found = layers.flatMap((layer, index) => {
    const test = layer.type === type ? testOfColumn(layer.test, column) : null;
    return test === null ? [] : [{ index, z: Math.abs(test.z), pValue: test.pValue }];
  });
  const [first, ...others] = found;
  if (first === undefined) return null;
  const largest = others.reduce((best, next) => (next.z > best.z ? next : best), first);
  return {
    z: largest.z,
    layers: found.length,
    pValue: largestOfManyPValue(largest.pValue, found.length),
    index: largest.index,
  };
}
