/** The f64 reference of any network: its gradients are central differences of its loss. */
import { type ReferenceLoss, referenceNetworkGradients } from '@kindling/trainer/reference';
import { describe, expect, it } from 'vitest';
import { architectures, everything, problem } from './network-problem.js';

const step = 1e-6;

/*
 * The loss is near 1 and smooth but for kinks, which a step of 1e-6 meets with a probability of some 1e-5 a parameter (the seed is
 * fixed): off by step² · third derivative = 1e-12 · 1e2 and by rounding 1e-16 · 10 / 1e-6 = 1e-9. 1e-7 is far above both, and far
 * below any mistake: gradients are 1e-3 to 1.
 */
function check(
  architecture: keyof typeof architectures | 'everything',
  loss: 'labels' | 'targets',
  most: number,
) {
  const description = architecture === 'everything' ? everything : architectures[architecture];
  if (description === undefined) throw new RangeError(architecture);
  const { input, labels, reference } = problem(description, 3, 5);
  const wanted: ReferenceLoss =
    loss === 'labels'
      ? { kind: 'softmax-cross-entropy', labels }
      : { kind: 'mean-squared-error', targets: Array.from({ length: 12 }, (_, i) => Math.cos(2.1 * i)) };
  const lossAt = () => referenceNetworkGradients(description, reference, input, wanted).loss;
  const { gradients } = referenceNetworkGradients(description, reference, input, wanted);
  expect(Object.keys(gradients).sort()).toEqual(Object.keys(reference).sort());
  for (const [name, numbers] of Object.entries(reference)) {
    const every = Math.max(1, Math.floor(numbers.length / most));
    for (let i = 0; i < numbers.length; i += every) {
      const value = Number(numbers[i]);
      numbers[i] = value + step;
      const above = lossAt();
      numbers[i] = value - step;
      const below = lossAt();
      numbers[i] = value;
      const slope = (above - below) / (2 * step);
      expect(Math.abs(Number(gradients[name]?.[i]) - slope), `${name}[${i}]`).toBeLessThan(1e-7);
    }
  }
}

describe('central differences', () => {
  it.each(Object.keys(architectures))('%s', (name) => check(name, 'labels', 12));
  it('all at once', () => check('everything', 'labels', 8));
  it('mean squared error', () => check('identity, learned scale', 'targets', 8));
});
