/**
 * What the trainer learns from: grey images as bytes with one label each, split into a training and a test part.
 * Pixels stay bytes until a batch is made (see `gatherBatch`), so that 70,000 images cost 55 MB and not 220.
 */

/** One part of a data set. `images` holds `count` rows of `rows × columns` bytes, one after the other. */
export interface LabelledImages {
  readonly images: Uint8Array;
  /** One class index (0 … classes − 1) an image. */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
}

/** A training and a test part over the same classes. */
export interface Dataset {
  /** What the user called it: `mnist`, `fashion-mnist`, `embedded` or the directory's name. */
  readonly name: string;
  readonly classes: number;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** SHA-256 (hex) over both parts, see `digestDataset`: two data sets with this digest train the same net. */
  readonly digest: string;
}
