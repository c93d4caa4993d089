/** A network of the core with the numbers of a file. */
import {
  allocateNetwork,
  type Engine,
  InvalidArgumentError,
  type Network,
  writeMatrix,
} from '@kindling/core';
import type { Model } from '../model/model.js';
import { parameterFromTensor } from './parameter-order.js';

/**
 * Allocates the network a model tells of and writes the file's numbers into it, in f32. Parameters that the file lacks keep their
 * initial number.
 *
 * @throws InvalidArgumentError for a model without an architecture; the message holds its notes
 * @throws OutOfMemoryError when there is no room
 * @throws ModelFormatError when the file's numbers cannot be read
 */
export async function loadModelNetwork(engine: Engine, model: Model): Promise<Network> {
  if (model.architecture === null) {
    throw new InvalidArgumentError(
      `loadModelNetwork: the model has no architecture; expected one — ${model.notes.join(' ')}`,
    );
  }
  const network = allocateNetwork(engine, model.architecture.architecture);
  const parameters = new Map(network.parameters.map((parameter) => [parameter.name, parameter]));
  const tensors = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  for (const mapping of model.architecture.parameters) {
    const parameter = parameters.get(mapping.parameter);
    const tensor = tensors.get(mapping.tensor);
    if (parameter === undefined || tensor === undefined) {
      throw new InvalidArgumentError(
        `loadModelNetwork: ${mapping.parameter} is to be read from ${mapping.tensor}; expected both to exist`,
      );
    }
    writeMatrix(engine, parameter.matrix, parameterFromTensor(await tensor.read(), mapping));
  }
  return network;
}
