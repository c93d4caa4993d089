/** The size of a network's input, from the file and from the caller. */
import { type ArchitectureInput, InvalidArgumentError } from '@kindling/core';
import type { GraphNode } from './model-graph.js';
import { Obstacle } from './obstacle.js';

/** Largest height and width: what follows from them is found by going along them, and a forged size must not take hours. */
const mostPixels = 65_536;

/**
 * What the file states (an empty shape states nothing), with its open sizes filled in from `given`.
 *
 * @throws Obstacle when a size stays open, or the input is neither rows nor images
 * @throws InvalidArgumentError when `given` contradicts the file
 */
export function architectureInput(node: GraphNode, given: ArchitectureInput | undefined): ArchitectureInput {
  if (node.operation.kind !== 'input') throw new RangeError('an input node');
  const { shape } = node.operation;
  const sizes =
    given === undefined
      ? []
      : 'channels' in given
        ? [given.height, given.width, given.channels]
        : [given.width];
  const contradicts =
    given !== undefined &&
    shape.length > 0 &&
    (sizes.length !== shape.length || shape.some((size, axis) => size !== null && size !== sizes[axis]));
  if (contradicts) {
    throw new InvalidArgumentError(
      `openModel: the input is given as ${sizes.join(' × ')}; the file expects ${describe(shape)}`,
      { details: { expected: describe(shape), got: sizes.join(' × ') } },
    );
  }
  const known = shape.length === 0 ? sizes : shape.map((size, axis) => size ?? sizes[axis] ?? null);
  if (known.includes(null) || known.length === 0) {
    throw new Obstacle(node.name, `reads inputs of ${describe(shape)}; say the size with the option input`);
  }
  const [a = 0, b = 0, c = 0] = known as number[];
  if (known.length === 1) return { width: a };
  if (known.length === 3 && Math.max(a, b) > mostPixels) {
    throw new Obstacle(
      node.name,
      `reads images of ${describe(known)}; up to ${mostPixels} × ${mostPixels} can be run`,
    );
  }
  if (known.length === 3) return { height: a, width: b, channels: c };
  throw new Obstacle(node.name, `reads inputs of ${describe(shape)}; rows of numbers or images can be run`);
}

function describe(shape: readonly (number | null)[]): string {
  return shape.length === 0 ? 'unknown shape' : shape.map((size) => size ?? '?').join(' × ');
}
