/** How time and memory of Kindling grow with the size of the question. */
import { relativeDistance } from '../benchmark.js';
import { contendersFor, type Group, runContests } from './group.js';
import { trainingProblem } from './training-step.js';

const sizes = [10, 30, 100, 300, 1000] as const;
const trials = [100, 1000, 10_000, 100_000] as const;
const batch = 128;
/** Width where depth grows, and the other way round. */
const fixedWidth = 100;
const fixedDepth = 10;
/** Depth and width of the nets whose number grows. */
const smallNet = 10;
const seed = 1;

export const growth: Group = {
  name: 'growth',
  title: 'Growth',
  description:
    `Kindling alone: one SGD step (784 inputs, batch ${batch}) and the lengths of one net, against depth at width ` +
    `${fixedWidth} and against width at depth ${fixedDepth}; and the lengths of many ${smallNet} × ${smallNet} nets. Memory ` +
    'is the most that was taken of the kernels’ memory at once, weights and images included.',
  run: async (context) => {
    const kindling = context.peers.slice(0, 1);
    const alone = { operations: null, agreement: { distance: relativeDistance, tolerance: 0 } };
    const step = (depth: number, width: number) => () => ({
      ...alone,
      name: `SGD step, ${depth} × ${width}`,
      contenders: contendersFor(
        kindling,
        (peer) => peer.trainingStep,
        trainingProblem(context.dataset, depth, width, batch),
      ),
    });
    const lengths = (depth: number, width: number, nets: number) => () => ({
      ...alone,
      name: `lengths of ${nets === 1 ? 'a net' : `${nets} nets`}, ${depth} × ${width}`,
      // Drawing the matrices; the exact law grows more slowly.
      contenders: contendersFor(kindling, (peer) => peer.lengths, { depth, width, nets, seed }).slice(0, 1),
    });
    const benchmarks = [
      ...sizes.map((depth) => step(depth, fixedWidth)),
      ...sizes.map((width) => step(fixedDepth, width)),
      ...sizes.map((depth) => lengths(depth, fixedWidth, 1)),
      ...sizes.map((width) => lengths(fixedDepth, width, 1)),
      ...trials.map((nets) => lengths(smallNet, smallNet, nets)),
    ];
    const { measurements, omissions } = await runContests('growth', benchmarks, context);
    const bare = measurements.map((measurement) => ({ ...measurement, contender: 'time' }));
    return { measurements: bare, omissions, facts: {} };
  },
};
