/** The lecture deck's table of a trained ResNet-18: the largest |Z| of each type of layer by group of fraction bits. */
import { largestOfManyPValue, normalTwoSidedTail } from '@kindling/diagnostics';

/** Columns of the deck's table. */
export const publishedColumns = ['fraction 0–7', 'fraction 8–15', 'fraction 16–22'] as const;

/** A row of it. */
export interface PublishedRow {
  readonly type: string;
  readonly layers: number;
  /** Largest |Z| by `publishedColumns`. */
  readonly z: readonly [number, number, number];
}

/** As printed. How the test was applied (groups of bits as integers, in storage order) is our reading. */
export const publishedRows: readonly PublishedRow[] = [
  { type: 'convolution weights', layers: 20, z: [3.877, 4.528, 3.943] },
  { type: 'dense weights', layers: 1, z: [1.053, 0.653, 2.083] },
  { type: 'dense biases', layers: 1, z: [0.744, 1.645, 0.327] },
  { type: 'normalization scales', layers: 20, z: [2.109, 1.992, 2.478] },
  { type: 'normalization shifts', layers: 20, z: [2.147, 2.004, 2.048] },
];

/** Mean Z of the images of ImageNet by the same test on their bytes, as printed. */
export const publishedImageZ = 626.747;

/** P(the largest of so many |Z| is at least as large), if numbers stand in random order. */
export function publishedPValue({ layers }: PublishedRow, z: number): number {
  return largestOfManyPValue(normalTwoSidedTail(z), layers);
}

/** The |Z| that the largest of `layers` exceeds in 5 % of the cases, if numbers stand in random order; to 10⁻⁶. */
export function largestZPoint(layers: number): number {
  let [low, high] = [0, 40];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (largestOfManyPValue(normalTwoSidedTail(middle), layers) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}
