/** Convolutions forward and backward, on images of the size of MNIST's. */
import { relativeDistance } from '../benchmark.js';
import type { ConvolutionProblem, Peer, Ways } from '../peers/peer.js';
import { contendersFor, type Group, runContests } from './group.js';
import { normalValues } from './random-values.js';

const size = 28;
const batch = 128;
/** Channels in and out. */
const widths = [8, 16, 32] as const;

const passes: readonly {
  readonly name: string;
  /** Terms of the longest sum. */
  readonly terms: (channels: number) => number;
  readonly ways: (peer: Peer) => Ways<ConvolutionProblem> | undefined;
}[] = [
  { name: 'forward', terms: (channels) => 9 * channels, ways: (peer) => peer.convolution },
  {
    name: 'input gradient',
    terms: (channels) => 9 * channels,
    ways: (peer) => peer.convolutionInputGradient,
  },
  {
    name: 'weight gradient',
    terms: () => batch * size * size,
    ways: (peer) => peer.convolutionWeightGradient,
  },
];

export const convolution: Group = {
  name: 'convolution',
  title: 'Convolution, 3 × 3',
  description:
    `Images of ${size} × ${size}, batch ${batch}, stride 1, a border of zeros; forward with bias and ReLU. TensorFlow.js has no ` +
    'weight gradient on its WebAssembly backend.',
  run: async (context) => {
    const benchmarks = widths.flatMap((channels) =>
      passes.map(({ name, terms, ways }) => () => {
        const pixels = batch * size * size;
        const problem: ConvolutionProblem = {
          ...{ batch, size, channels, filters: channels },
          images: normalValues(0, pixels * channels, 1),
          weights: normalValues(1, 9 * channels * channels, Math.sqrt(2 / (9 * channels))),
          biases: normalValues(2, channels, 1),
          gradient: normalValues(3, pixels * channels, 1),
        };
        return {
          name: `${name}, ${channels} → ${channels} channels`,
          operations: 2 * pixels * 9 * channels * channels,
          contenders: contendersFor(context.peers, ways, problem),
          // As for products: about √n roundings of either sign, and four times that for the worst element.
          agreement: { distance: relativeDistance, tolerance: 4 * Math.sqrt(terms(channels)) * 2 ** -24 },
        };
      }),
    );
    return { ...(await runContests('convolution', benchmarks, context)), facts: {} };
  },
};
