/** Kindling's initializers as initializers of TensorFlow.js: they are saved with a model and loaded again. */
import { InvalidArgumentError, rootKey } from '@kindling/core';
import { findInitializer, type LayerwiseInitializer, needsBlocks, needsData } from '@kindling/initializers';
import { type DataType, serialization, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import { kernelFans } from '../model/kernels.js';
import type { TensorflowInitializer, TensorflowShape } from '../model/tensorflow-names.js';
import { drawKernel } from './draw-kernel.js';
import { kindlingClassName } from './kindling-class-name.js';

/** Which numbers an initializer draws. */
export interface KindlingInitializerOptions {
  /** An integer from 0 to 2^53 − 1; default 1. Unlike that of TensorFlow.js, 0 is a seed like any other. */
  readonly seed?: number;
  /**
   * Which weight matrix of the network it is for, counted from 0; default 0. Layers of one shape get the same numbers from the same seed
   * and number.
   */
  readonly layer?: number;
}

// TensorFlow.js recognizes initializers by this class, and does not export it.
const Base = Object.getPrototypeOf(
  initializers.zeros().constructor,
) as abstract new () => TensorflowInitializer;

/** What the class is made from, and what is saved. */
interface Config extends KindlingInitializerOptions {
  readonly initializer: string;
}

/** An initializer of Kindling for the kernel of a layer. Made by `kindlingInitializer`. */
export class KindlingInitializer extends Base {
  /** @nocollapse */
  static readonly className = kindlingClassName;
  /** The catalog's name with its settings. */
  readonly initializer: string;
  readonly seed: number;
  readonly layer: number;
  readonly #law: LayerwiseInitializer;

  /** @throws InvalidArgumentError as `kindlingInitializer` */
  constructor({ initializer, seed = 1, layer = 0 }: Config) {
    super();
    const found = findInitializer(initializer);
    this.#law = requireLayerwise(found.name, found.initializer);
    rootKey(seed);
    if (!Number.isSafeInteger(layer) || layer < 0 || layer > 0xffffffff) {
      throw new InvalidArgumentError(
        `kindlingInitializer: layer is ${layer}; expected an integer from 0 to 2^32 − 1`,
      );
    }
    this.initializer = found.name;
    this.seed = seed;
    this.layer = layer;
  }

  /**
   * Draws a kernel [inputs, units], [width, inputs, units] or [height, width, inputs, units].
   *
   * @throws InvalidArgumentError for another shape or type
   */
  apply(shape: TensorflowShape, dtype: DataType = 'float32'): Tensor {
    const fans = kernelFans(shape);
    if (fans === null) {
      throw new InvalidArgumentError(
        `kindlingInitializer: the shape is [${shape.join(', ')}]; expected a kernel of 2 to 4 axes — biases have a biasInitializer of their own`,
      );
    }
    if (dtype !== 'float32') {
      throw new InvalidArgumentError(`kindlingInitializer: the type is ${dtype}; expected float32`);
    }
    const { kernel } = drawKernel(this.#law, fans, rootKey(this.seed), this.layer);
    return tensor(kernel, shape as number[], 'float32');
  }

  override getConfig(): serialization.ConfigDict {
    return { initializer: this.initializer, seed: this.seed, layer: this.layer };
  }
}

serialization.registerClass(
  KindlingInitializer as unknown as serialization.SerializableConstructor<KindlingInitializer>,
);

/**
 * An initializer for `kernelInitializer`: any name or expression of Kindling's catalog whose weights need nothing but their own shape. Its
 * numbers are those of weight matrix `layer` of a Kindling network with this seed, to the bit, on every backend. Biases are the
 * business of `biasInitializer`, also where Kindling's initializer has some (`pytorch:linear`).
 *
 * @param expression such as `he-normal` or `he-normal:slope=0.2`
 * @throws InvalidArgumentError for an unknown name, one that looks at data or at the whole network, and a seed or layer out of range
 */
export function kindlingInitializer(
  expression: string,
  options: KindlingInitializerOptions = {},
): KindlingInitializer {
  return new KindlingInitializer({ ...options, initializer: expression });
}

function requireLayerwise(
  name: string,
  initializer: ReturnType<typeof findInitializer>['initializer'],
): LayerwiseInitializer {
  if (!needsData(initializer) && initializer.kind === 'layerwise') return initializer;
  const why = needsData(initializer)
    ? 'looks at data, and TensorFlow.js gives an initializer nothing but a shape'
    : needsBlocks(initializer)
      ? 'looks at the whole network, and TensorFlow.js gives an initializer nothing but a shape — build the model and use repair'
      : 'draws weights and biases together, and TensorFlow.js asks for them apart — build the model and use repair';
  throw new InvalidArgumentError(`kindlingInitializer: ${name} ${why}; expected a law of single weights`, {
    details: { name },
  });
}
