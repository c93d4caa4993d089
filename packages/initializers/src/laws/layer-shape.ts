/** Sizes of a layer, as far as an initializer needs them. */
import { InvalidArgumentError } from '@kindling/core';

/** How many inputs a unit has and how many units one input feeds. Integers ≥ 1. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * A layer's shape. Its weight matrix has fan-in rows and a column a unit. A dense layer has no `kernel`, and fan-out
 * units; a convolution has fan-in = input channels × kernel area (rows in the order channel, then kernel row, then kernel
 * column) and fan-out = output channels × kernel area, a unit an output channel.
 */
export interface LayerShape extends Fans {
  /** Height and width of a convolution's kernel; both must divide the fans. */
  readonly kernel?: readonly [height: number, width: number];
}

/** Which fan divides the variance: fan-in, fan-out or their mean. */
export type FanMode = 'fan-in' | 'fan-out' | 'fan-average';

/** Every `FanMode`. */
export const fanModes = ['fan-in', 'fan-out', 'fan-average'] as const satisfies readonly FanMode[];

/** The number that divides the variance. */
export function fanOf(mode: FanMode, { fanIn, fanOut }: Fans): number {
  switch (mode) {
    case 'fan-in':
      return fanIn;
    case 'fan-out':
      return fanOut;
    case 'fan-average':
      return (fanIn + fanOut) / 2;
  }
}

/** Positions of a kernel: height × width, 1 for a dense layer. */
export function kernelArea({ kernel = [1, 1] }: LayerShape): number {
  return kernel[0] * kernel[1];
}

/** Columns of the weight matrix: fan-out / kernel area. */
export function unitsOf(shape: LayerShape): number {
  return shape.fanOut / kernelArea(shape);
}

/**
 * Checks sizes at the edge.
 *
 * @param caller begins the message
 * @throws InvalidArgumentError for fans or a kernel that are not integers ≥ 1, or a kernel that does not divide the fans
 */
export function checkLayerShape(caller: string, shape: LayerShape): void {
  const { fanIn, fanOut, kernel = [1, 1] } = shape;
  const sizes = { fanIn, fanOut, 'kernel height': kernel[0], 'kernel width': kernel[1] };
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new InvalidArgumentError(`${caller}: ${name} is ${size}; expected an integer ≥ 1`);
    }
  }
  const area = kernelArea(shape);
  if (fanIn % area !== 0 || fanOut % area !== 0) {
    throw new InvalidArgumentError(
      `${caller}: fans ${fanIn} and ${fanOut} with a kernel of ${area} positions; expected whole channels`,
    );
  }
}
