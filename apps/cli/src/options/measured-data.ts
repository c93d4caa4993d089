/** Images as the inputs of nets: loaded, checked against the input's width, pixels as numbers from 0 to 1. */
import { allocateMatrix, type Engine, type Matrix, writeMatrix } from '@kindling/core';
import { countOf, countText } from '@kindling/studies/text';
import type { LabelledImages } from '@kindling/trainer';
import { DatasetNotFoundError, loadDataset } from '@kindling/trainer/node';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';
import { datasetNames, resolveDataRequest } from './data-request.js';
import { orText } from './nearest-names.js';

/** Images of a data set. */
export interface MeasuredData {
  /** Such as `256 images of mnist`, and where they were found. */
  readonly description: string;
  readonly images: LabelledImages;
  /** How many of them are used: the first ones. */
  readonly count: number;
}

/** Images for nets that take one each: 31 MB of MNIST. */
const mostImages = 10_000;
/** Initializers that look at data pass all of these through every net; a batch of this size is what their papers use. */
const mostInitializationImages = 256;

/** What images are for. */
interface DataUse {
  /** The flag that says how many numbers the net reads. */
  readonly argument: string;
  /** The input's width, which the images must have. */
  readonly width: number;
  /** Whether initializers look at the images, and not only single nets. */
  readonly initializes: boolean;
}

/**
 * Loads the training images of what `--data` names.
 *
 * @throws UsageError when there is no such data set, or its images have another number of pixels; errors of `loadDataset`
 *   pass through
 */
export async function loadMeasuredData(
  text: string,
  { argument, width, initializes }: DataUse,
  { directory, env }: Pick<Surroundings, 'directory' | 'env'>,
): Promise<MeasuredData> {
  const request = await resolveDataRequest(text, directory);
  const { dataset, source } = await loadOrExplain(request, text, { directory, env });
  const { train } = dataset;
  const features = train.rows * train.columns;
  if (features !== width) {
    throw new UsageError(
      `${argument} ${argument === '--widths' ? 'starts with' : 'reads'} ${countText(width)}; expected ${countText(features)}, the pixels of an image of ${dataset.name}`,
    );
  }
  const count = Math.min(train.count, initializes ? mostInitializationImages : mostImages);
  return {
    description: `${countOf(count, 'image')} of ${dataset.name}: ${source}`,
    images: train,
    count,
  };
}

/** A directory without images is a flag's fault; that a data set known by name is not installed is told at length. */
async function loadOrExplain(
  request: string,
  text: string,
  { directory, env }: Pick<Surroundings, 'directory' | 'env'>,
) {
  try {
    return await loadDataset(request, { env, cwd: directory, resolveFrom: [import.meta.url] });
  } catch (error) {
    const named = datasetNames.some((name) => name === request);
    if (named || !(error instanceof DatasetNotFoundError)) throw error;
    throw new UsageError(
      `--data is "${text}", which holds no idx files; expected train-images-idx3-ubyte and its like, or ${orText(datasetNames)}`,
    );
  }
}

/** Writes the images into the engine's memory, one a row, pixels from 0 to 1. */
export function writeImages(
  engine: Engine,
  { images: { images, rows, columns }, count }: MeasuredData,
): Matrix {
  const features = rows * columns;
  const matrix = allocateMatrix(engine, count, features);
  const pixels = images.subarray(0, count * features);
  writeMatrix(
    engine,
    matrix,
    Float32Array.from(pixels, (pixel) => pixel / 255),
  );
  return matrix;
}
