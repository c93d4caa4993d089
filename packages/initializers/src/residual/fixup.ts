/** Fixup (Zhang, Dauphin & Ma, ICLR 2019): residual nets that train without normalization. */
import { type Architecture, InvalidArgumentError, type Layer, type Residual } from '@kindling/core';
import { fixupScale } from './residual-scales.js';

/**
 * What every weight matrix is multiplied by, by the name of the parameter (`layers.2.branch.0.weights`): with L residual blocks and
 * m layers with weights in a branch, all but the last of them by L^(−1/(2m − 2)), the last by 0; every other by 1, the projections
 * among them, and a linear dense layer at the end of the network by 0 where `zeroOutput` says so.
 *
 * @param caller begins the message
 * @throws InvalidArgumentError for a network without residual blocks, a block within a block, a branch whose last layer is no
 *   linear one, or of fewer than two layers with weights
 */
export function fixupFactors(
  caller: string,
  { layers }: Architecture,
  zeroOutput: boolean,
): ReadonlyMap<string, number> {
  const blocks = layers.flatMap((layer, index) => (layer.kind === 'residual' ? [{ layer, index }] : []));
  if (blocks.length === 0) {
    throw new InvalidArgumentError(
      `${caller}: fixup scales the branches of residual blocks, and the network has none; expected residual blocks — use the law it scales, such as he-normal`,
      { details: { kind: 'fixup' } },
    );
  }
  const factors = new Map<string, number>();
  for (const { layer, index } of blocks) {
    const weighted = weightedLayers(caller, layer, `layers[${index}]`);
    const factor = fixupScale({ branches: blocks.length, layersPerBranch: weighted.length });
    weighted.forEach((place, order) => {
      factors.set(`layers.${index}.branch.${place}.weights`, order < weighted.length - 1 ? factor : 0);
    });
  }
  const last = layers.at(-1);
  if (zeroOutput && last?.kind === 'dense' && last.activation === 'linear') {
    factors.set(`layers.${layers.length - 1}.weights`, 0);
  }
  return factors;
}

/** Places of a branch's layers with weights, once the branch is one that Fixup is for. */
function weightedLayers(caller: string, { branch }: Residual, path: string): readonly number[] {
  const refuse = (problem: string, expected: string) =>
    new InvalidArgumentError(`${caller}: fixup: ${path} ${problem}; expected ${expected}`, {
      details: { kind: 'fixup', path },
    });
  if (branch.some(({ kind }) => kind === 'residual')) {
    throw refuse('has a block in its branch', 'branches of plain layers, as the paper counts them');
  }
  const last = branch.at(-1);
  if (last !== undefined && endsInRelu(last)) {
    throw refuse(
      'ends in a ReLU',
      'a linear layer at the end of the branch: it starts at zero, and a ReLU behind zeros passes no gradient, so the branch would never move',
    );
  }
  if (last === undefined || !isLinear(last)) {
    throw refuse(
      `ends in ${describe(last)}`,
      'a dense or conv2d layer with the activation linear at the end of the branch',
    );
  }
  const weighted = branch.flatMap(({ kind }, index) =>
    kind === 'dense' || kind === 'conv2d' ? [index] : [],
  );
  if (weighted.length < 2) {
    throw refuse(
      'has one layer with weights in its branch',
      'at least two: the last one is zero, and what is left is scaled by L^(−1/(2m − 2))',
    );
  }
  return weighted;
}

function endsInRelu(layer: Layer): boolean {
  return 'activation' in layer && layer.activation === 'relu';
}

function isLinear(layer: Layer): boolean {
  return (layer.kind === 'dense' || layer.kind === 'conv2d') && layer.activation === 'linear';
}

function describe(layer: Layer | undefined): string {
  if (layer === undefined) return 'nothing';
  return 'activation' in layer && layer.activation !== 'linear'
    ? 'a leaky ReLU'
    : `a layer of kind ${layer.kind}`;
}
