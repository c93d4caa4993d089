/** Products with bias and ReLU, the work of a forward pass. */
import { relativeDistance } from '../benchmark.js';
import { peakContender } from '../peak.js';
import { contendersFor, type Group, runContests } from './group.js';
import { normalValues } from './random-values.js';

/** Rows (a batch), depth (fan-in), columns (fan-out). */
const shapes = [
  [1024, 784, 32],
  [1024, 100, 100],
  [1024, 32, 32],
  [128, 100, 100],
  [128, 20, 20],
  [1024, 784, 100],
  [256, 256, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
] as const;

export const gemm: Group = {
  name: 'gemm',
  title: 'Matrix product with bias and ReLU',
  description:
    'max(A·B + bias, 0) in f32; a shape is rows × fan-in × fan-out. Weights are packed anew in every call of Kindling; ' +
    'onnxruntime-web has them as constants. The WASM peak does as many multiplications and additions, in registers.',
  run: async (context) => {
    const benchmarks = shapes.map(([rows, depth, columns]) => () => {
      const operations = 2 * rows * depth * columns;
      const problem = {
        ...{ rows, depth, columns },
        a: normalValues(0, rows * depth, 1),
        b: normalValues(1, depth * columns, Math.sqrt(2 / depth)),
        bias: normalValues(2, columns, 1),
      };
      const [first, ...others] = contendersFor(context.peers, (peer) => peer.product, problem);
      return {
        name: `${rows} × ${depth} × ${columns}`,
        operations,
        contenders: [...(first === undefined ? [] : [first]), peakContender(operations), ...others],
        // A sum of n roundings of either sign is off by about √n of one, 2⁻²⁴; four times that is left for the worst element.
        agreement: { distance: relativeDistance, tolerance: 4 * Math.sqrt(depth) * 2 ** -24 },
      };
    });
    return { ...(await runContests('gemm', benchmarks, context)), facts: {} };
  },
};
