/** What the variables of Keras layers are: role, order of axes, stated initializer. */
import type { StatedInitializer, TensorLayout, TensorRole } from '../../model/model-tensor.js';
import { fieldOf, isObject } from '../json/parse-json.js';
import type { KerasLayer } from './keras-layer.js';

export interface KerasVariable {
  readonly role: TensorRole;
  readonly layout: TensorLayout | null;
}

/** Layouts of `kernel` by class; classes that are not here have none that is known. */
const kernels: Readonly<Record<string, readonly [TensorRole, TensorLayout]>> = {
  Dense: ['dense-kernel', 'in-out'],
  TimeDistributed: ['dense-kernel', 'in-out'],
  SimpleRNN: ['dense-kernel', 'in-out'],
  LSTM: ['dense-kernel', 'in-out'],
  GRU: ['dense-kernel', 'in-out'],
  Conv1D: ['conv-kernel', 'WIO'],
  Conv2D: ['conv-kernel', 'HWIO'],
  Conv3D: ['conv-kernel', 'DHWIO'],
  Conv2DTranspose: ['conv-kernel', 'HWOI'],
  DepthwiseConv2D: ['depthwise-kernel', 'HWIM'],
};

/**
 * @param variable last part of its name: `kernel`, `bias`, `gamma`
 * @param shape of the tensor; a kernel without the axes of its layout is `other`
 */
export function kerasVariable(className: string, variable: string, shape: readonly number[]): KerasVariable {
  const [role, layout] = kernelOf(className, variable) ?? [];
  if (role !== undefined && layout !== undefined) {
    const axes = layout.includes('-') ? 2 : layout.length;
    return axes === shape.length ? { role, layout } : { role: 'other', layout: null };
  }
  if (/Normalization$/.test(className) || /^(gamma|beta|moving_mean|moving_variance)$/.test(variable)) {
    return { role: 'normalization', layout: null };
  }
  if (/(^|_)bias$/.test(variable)) return { role: 'bias', layout: null };
  return { role: variable === 'embeddings' ? 'embedding' : 'other', layout: null };
}

function kernelOf(className: string, variable: string): readonly [TensorRole, TensorLayout] | undefined {
  if (variable === 'depthwise_kernel') return ['depthwise-kernel', 'HWIM'];
  if (variable === 'pointwise_kernel') return ['conv-kernel', 'HWIO'];
  if (variable === 'recurrent_kernel') return ['dense-kernel', 'in-out'];
  return variable === 'kernel' && Object.hasOwn(kernels, className) ? kernels[className] : undefined;
}

/** `kernel_initializer` and its like, as the configuration states it; `null` where it does not. */
export function statedInitializer(layer: KerasLayer, variable: string): StatedInitializer | null {
  const key = variable.replace(/^(depthwise|pointwise|recurrent)_kernel$/, '$1');
  const stated = fieldOf(layer.config, `${key}_initializer`);
  if (typeof stated === 'string') return { className: stated, config: {} };
  const className = fieldOf(stated, 'class_name');
  const config = fieldOf(stated, 'config');
  return typeof className === 'string' ? { className, config: isObject(config) ? config : {} } : null;
}
