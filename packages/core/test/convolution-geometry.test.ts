/** Sizes, borders and refusals of convolutions. */
import { describe, expect, it } from 'vitest';
import {
  allocateImages,
  allocateMatrix,
  allocateScratch,
  type Convolution,
  conv2dBiasGradient,
  conv2dForward,
  conv2dInputGradient,
  conv2dWeightGradient,
  convolutionGeometry,
  convolutionScratchFloats,
  createEngine,
  InvalidArgumentError,
  noBorder,
} from '../src/index.js';
import { borrowing } from './guarded.js';

const engine = createEngine();
const three: Convolution = { kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 'zero' };
const around = (n: number) => ({ top: n, bottom: n, left: n, right: n });

describe('convolutionGeometry', () => {
  it('keeps the size at stride 1, with a border of half the kernel', () => {
    for (const padding of ['zero', 'circular'] as const) {
      const { gradientBorder, ...rest } = convolutionGeometry({ ...three, padding }, 28, 28);
      expect(rest).toEqual({ height: 28, width: 28, border: around(1) });
      expect(gradientBorder).toEqual(around(padding === 'zero' ? 1 : 2));
    }
  });

  it('has no border where the padding is valid, and a gradient that looks beyond', () => {
    const valid = { ...three, padding: 'valid' } as const;
    const want = { height: 26, width: 24, border: noBorder, gradientBorder: around(2) };
    expect(convolutionGeometry(valid, 28, 26)).toEqual(want);
  });

  it('puts the greater half of an odd padding below and to the right', () => {
    const { border, height, width } = convolutionGeometry({ ...three, stride: 2, kernelHeight: 2 }, 28, 28);
    expect([height, width]).toEqual([14, 14]);
    expect(border).toEqual({ top: 0, bottom: 0, left: 0, right: 1 });
    expect(convolutionGeometry({ ...three, kernelWidth: 4 }, 5, 5).border).toEqual({
      ...around(1),
      right: 2,
    });
  });

  it.each([
    [{ ...three, kernelHeight: 0 }, 5, 5, 'kernelHeight is 0; expected an integer ≥ 1'],
    [{ ...three, stride: 1.5 }, 5, 5, 'stride is 1.5; expected an integer ≥ 1'],
    [three, 0, 5, 'height is 0; expected an integer ≥ 1'],
    [
      { ...three, padding: 'same' as 'zero' },
      5,
      5,
      'padding is "same"; expected "zero", "circular" or "valid"',
    ],
    [
      { ...three, padding: 'valid' as const },
      5,
      2,
      'the kernel is 3 × 3; expected at most the image’s 5 × 2',
    ],
  ])('refuses %j for %i × %i', (convolution, height, width, message) => {
    const refused = () => convolutionGeometry(convolution, height, width);
    expect(refused).toThrow(message.replace('’', "'"));
    expect(refused).toThrow(InvalidArgumentError);
  });
});

describe('the functions of a convolution', () => {
  function tensors() {
    const image = (channels: number) => ({ batch: 2, height: 4, width: 4, channels });
    return {
      input: allocateImages(engine, image(3), { border: around(1) }),
      weights: allocateMatrix(engine, 27, 5),
      biases: allocateMatrix(engine, 1, 5),
      output: allocateImages(engine, image(5), { border: around(1) }),
      scratch: allocateScratch(engine, convolutionScratchFloats(three, image(3), 5)),
    };
  }

  it('refuse what does not fit', () => {
    borrowing(engine, () => {
      const all = tensors();
      const { input, weights, biases, output, scratch } = all;
      const bare = allocateImages(engine, input);
      const cases: readonly [() => void, string][] = [
        [
          () => conv2dForward(engine, { ...three, stride: 2 }, all),
          'conv2dForward: the output side is 2 × 4 × 4; expected 2 × 2 × 2',
        ],
        [
          () => conv2dForward(engine, { ...three, kernelWidth: 5 }, all),
          'conv2dForward: the weights are 27 × 5; expected 45 × 5',
        ],
        [
          () => conv2dForward(engine, three, { ...all, input: bare }),
          'conv2dForward: the border of input is 0 at the top; expected at least 1',
        ],
        [
          () => conv2dForward(engine, three, { ...all, biases: allocateMatrix(engine, 1, 4) }),
          'conv2dForward: the biases are 1 × 4; expected 1 × 5',
        ],
        [
          () => conv2dForward(engine, three, { input, weights, output, scratch, relu: true }),
          'conv2dForward: relu without biases',
        ],
        [
          () => conv2dForward(engine, three, { ...all, scratch: { ...scratch, floats: 10 } }),
          'conv2dForward: the scratch has 10 floats; expected at least',
        ],
        [
          () =>
            conv2dForward(engine, three, { ...all, output: allocateImages(engine, output, { dense: true }) }),
          'conv2dForward: output is dense',
        ],
        [
          () =>
            conv2dInputGradient(engine, three, {
              outputGradient: allocateImages(engine, output),
              weights,
              inputGradient: input,
              scratch,
            }),
          'conv2dInputGradient: the border of outputGradient is 0 at the top; expected at least 1',
        ],
        [
          () =>
            conv2dWeightGradient(engine, three, {
              input,
              outputGradient: output,
              weightGradient: allocateMatrix(engine, 9, 5),
              scratch,
            }),
          'conv2dWeightGradient: the weights are 9 × 5; expected 27 × 5',
        ],
        [
          () => conv2dBiasGradient(engine, { outputGradient: input, biasGradient: biases, scratch }),
          'conv2dBiasGradient: the biases are 1 × 5; expected 1 × 3',
        ],
      ];
      for (const [refused, message] of cases) {
        expect(refused).toThrow(message);
        expect(refused).toThrow(InvalidArgumentError);
      }
    });
  });

  it('allocate nothing', () => {
    borrowing(engine, () => {
      const { input, weights, biases, output, scratch } = tensors();
      const before = engine.arena.peakBytes;
      for (const padding of ['zero', 'circular'] as const) {
        conv2dForward(engine, { ...three, padding }, { input, weights, biases, output, scratch });
        conv2dWeightGradient(
          engine,
          { ...three, padding },
          { input, outputGradient: output, weightGradient: weights, scratch },
        );
      }
      expect(engine.arena.peakBytes).toBe(before);
    });
  });
});
