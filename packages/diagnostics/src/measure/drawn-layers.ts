/**
 * The layers of random nets, one after the other. Where an initializer looks at nothing but a layer's shape, only one layer
 * is in memory at a time, whatever the depth; where it looks at data, the whole net is.
 */
import {
  allocateDenseNetwork,
  allocateMatrix,
  type Engine,
  InvalidArgumentError,
  type Matrix,
  packedFloats,
  type RandomKey,
} from '@kindling/core';
import {
  type DataFreeInitializer,
  drawLayer,
  type InitializationData,
  type Initializer,
  initializeNetwork,
  needsData,
} from '@kindling/initializers';
import type { LayerParameters } from './scaled-layer.js';

/** What is drawn. */
export interface DrawnLayersOptions {
  /** The input's width, then every ReLU layer's. */
  readonly widths: readonly number[];
  readonly initializer: Initializer;
  /** For initializers that look at data; others leave it alone. */
  readonly data?: InitializationData | undefined;
}

/** Draws the layers of the net of `key`, the numbers of `initializeNetwork`; to be called for layers 0, 1, … in order. */
export type DrawnLayers = (key: RandomKey, layerIndex: number) => LayerParameters;

/**
 * Room for nets to be drawn.
 *
 * @param caller begins the message
 * @throws InvalidArgumentError when the initializer needs data and there are none
 */
export function openDrawnLayers(engine: Engine, caller: string, options: DrawnLayersOptions): DrawnLayers {
  const { widths, initializer, data } = options;
  if (!needsData(initializer)) return openLayerByLayer(engine, widths, initializer);
  if (data === undefined) {
    throw new InvalidArgumentError(
      `${caller}: ${initializer.kind} looks at data and got none; expected data: {inputs}`,
    );
  }
  const network = allocateDenseNetwork(engine, { widths, outputs: 0 });
  return (key, layerIndex) => {
    if (layerIndex === 0) initializeNetwork(engine, network, initializer, key, data);
    const layer = network.layers[layerIndex];
    if (layer === undefined) throw new InvalidArgumentError(`${caller}: there is no layer ${layerIndex}`);
    return layer;
  };
}

function openLayerByLayer(
  engine: Engine,
  widths: readonly number[],
  initializer: DataFreeInitializer,
): DrawnLayers {
  const weightsRoom = engine.arena.allocateFloats(largestLayer(widths));
  const biasesRoom = allocateMatrix(engine, 1, widest(widths));
  return (key, layerIndex) => {
    const fanIn = widths[layerIndex] ?? 0;
    const fanOut = widths[layerIndex + 1] ?? 0;
    // Unpadded: only read.
    const weights: Matrix = { pointer: weightsRoom, rows: fanIn, columns: fanOut, stride: fanOut };
    const biases: Matrix = { ...biasesRoom, columns: fanOut, stride: fanOut };
    drawLayer(engine, initializer, { fanIn, fanOut }, key, layerIndex, weights, biases);
    return { weights, biases };
  };
}

/** Floats of the largest weight matrix, packed or not. */
export function largestLayer(widths: readonly number[]): number {
  return widths.slice(1).reduce((size, width, j) => Math.max(size, packedFloats(widths[j] ?? 0, width)), 0);
}

/** The largest width. */
export function widest(widths: readonly number[]): number {
  return widths.reduce((a, b) => Math.max(a, b), 0);
}
