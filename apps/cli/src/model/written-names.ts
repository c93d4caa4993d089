/** Names under which tensors are written where the format is another one than the file's. */
import type { Model, ModelTensor } from '@kindling/models';

/** What Keras calls a tensor of a role. */
const variables: Readonly<Partial<Record<ModelTensor['role'], string>>> = {
  'dense-kernel': 'kernel',
  'conv-kernel': 'kernel',
  'depthwise-kernel': 'depthwise_kernel',
  bias: 'bias',
};

/**
 * Keras 3 numbers a layer's variables (`layers/dense/vars/0`), which says nothing beside its configuration: those whose role is known get
 * the layer's own name and the variable's (`hidden/kernel`), where no other tensor has it. All other names stay.
 */
export function writtenNames({ format, tensors }: Model): ReadonlyMap<string, string> {
  const names = new Map(tensors.map(({ name }) => [name, name]));
  if (format !== 'keras-v3') return names;
  const taken = new Set(names.keys());
  for (const { name, role, layer } of tensors) {
    const variable = variables[role];
    if (layer === null || variable === undefined || !/\/vars\/\d+$/.test(name)) continue;
    const telling = `${layer}/${variable}`;
    if (taken.has(telling)) continue;
    taken.add(telling);
    names.set(name, telling);
  }
  return names;
}
