/** Classes of TensorFlow.js that it does not export by name. */
import type { initializers, LayersModel } from '@tensorflow/tfjs-layers';

/** What initializes a weight: the base class of `tf.initializers`. */
export type TensorflowInitializer = ReturnType<typeof initializers.ones>;

/** A layer: the base class of `tf.layers`. */
export type TensorflowLayer = LayersModel['layers'][number];

/** What `tf.layers` hands to an initializer. */
export type TensorflowShape = Parameters<TensorflowInitializer['apply']>[0];
