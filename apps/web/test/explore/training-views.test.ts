/** Trainings as they are told and drawn: words for every ending, lines, axes; NaN and infinities among them. */
import { type ExploreTrainingResult, parseExploreText } from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import type { EpochSeen } from '../../src/explore/jobs/training-run.js';
import {
  accuracyAxis,
  errorAxis,
  gradientAxis,
  lossAxis,
} from '../../src/explore/panels/training/training-axes.js';
import { accuracyLines, gradientLines, lossLines } from '../../src/explore/panels/training/training-lines.js';
import type { TrainingSeen } from '../../src/explore/panels/training/training-session.js';
import { standingText, targetText } from '../../src/explore/panels/training/training-words.js';

const ends = { top: 0, bottom: 100 };

function questionOf(text: string) {
  const { question } = parseExploreText(`?net=dense+6*5+he-normal&${text}`);
  if (question === null) throw new Error(`cannot be asked: ${text}`);
  return question;
}
const images = questionOf('epochs=6');
const absolute = questionOf('data=absolute');

const epoch = (at: number, loss: number, testAccuracy: number | null = null): EpochSeen => ({
  ...{ epoch: at, loss, testAccuracy, deadNeurons: 0, layers: [] },
});
const training = (epochs: readonly EpochSeen[], rest: Partial<TrainingSeen> = {}): TrainingSeen => ({
  ...{ index: 0, phase: 'running', epochs, result: null, failure: null },
  ...rest,
});
const ended = (result: Partial<ExploreTrainingResult>) => ({
  phase: 'ended' as const,
  result: result as ExploreTrainingResult,
});

describe('words', () => {
  it.each([
    ['not trained yet', training([], { phase: 'idle' }), images],
    ['about to start', training([]), images],
    ['no worker', training([], { failure: 'no worker' }), images],
    [
      'before the first step: 9.8 % of the test images right',
      training([epoch(0, Number.NaN, 0.098)]),
      images,
    ],
    [
      'has not reached 20 % in 1 epoch; 15 % of the test images right after 1',
      training([epoch(0, Number.NaN, 0.5), epoch(1, 2.2, 0.15)]),
      images,
    ],
    [
      '20 % after 2 epochs; 13.2 % of the test images right after 3',
      training([epoch(0, Number.NaN, 0.1), epoch(1, 2, 0.1999), epoch(2, 2, 0.2), epoch(3, 2, 0.132)]),
      images,
    ],
    [
      'diverged in epoch 1: its numbers left what can be written',
      training(
        [epoch(0, Number.NaN, 0.1), epoch(1, Number.NaN, 0)],
        ended({ outcome: 'diverged', epochs: 1 }),
      ),
      images,
    ],
    [
      'can never move: layer 3 is zero for every image, and so is every gradient in front of it',
      training([epoch(0, Number.NaN, 0.1)], ended({ outcome: 'never-moves', deadLayer: 3 })),
      images,
    ],
    [
      'can never move: layer 2 is zero for every point, and so is every gradient in front of it',
      training([epoch(0, 1)], ended({ outcome: 'never-moves', deadLayer: 2 })),
      absolute,
    ],
    ['before the first step: error 0.500', training([epoch(0, 0.5)]), absolute],
    [
      'has not reached an error of 0.0100 in 2 epochs; error ∞ after 2',
      training([epoch(0, 0.5), epoch(2, Number.POSITIVE_INFINITY)]),
      absolute,
    ],
    [
      'an error of 0.0100 after 9 epochs; error 0.00500 after 9',
      training([epoch(0, 0.5), epoch(9, 0.005)]),
      absolute,
    ],
  ] as const)('%s', (words, seen, question) => {
    expect(standingText(seen, question)).toBe(words);
  });

  it('of the level are a share of images, and the error of a function', () => {
    expect([targetText(images), targetText(absolute)]).toEqual(['20 %', 'an error of 0.0100']);
  });
});

describe('lines', () => {
  const layers = [
    { logLength: 0, logGradient: Math.LN10 * -3, dead: 0 },
    { logLength: 0, logGradient: '-Infinity', dead: null },
    { logLength: 0, logGradient: 'NaN', dead: null },
  ];
  const first = training([epoch(0, Number.NaN, 0.1), epoch(1, 2.3, 0.2)]);
  const last = { ...epoch(1, 0, null), layers };
  const second = training([epoch(0, 0.1), last], { index: 1 });

  it('bear the letter of their configuration, what was before faintly and first', () => {
    const lines = accuracyLines({ trainings: [first, second], before: { ...first, index: 1 } });
    expect(lines.map(({ series, faint }) => [series, faint])).toEqual([
      ['b', true],
      ['a', false],
      ['b', false],
    ]);
    expect(lines[1]?.values).toEqual([0.1, 0.2]);
  });

  it('of images begin with the first epoch, of functions before it, in decades', () => {
    expect(lossLines({ trainings: [first], before: null }, false)[0]?.values).toEqual([null, 2.3]);
    const errors = lossLines({ trainings: [second], before: null }, true)[0]?.values;
    expect(errors).toEqual([-1, Number.NEGATIVE_INFINITY]);
  });

  it('of gradients are those of the newest epoch, in decades, from layer 1', () => {
    const [line] = gradientLines({ trainings: [second], before: null });
    expect(line?.from).toBe(1);
    expect(line?.values).toEqual([expect.closeTo(-3, 12), Number.NEGATIVE_INFINITY, Number.NaN]);
    expect(gradientLines({ trainings: [training([])], before: null })[0]?.values).toEqual([]);
  });
});

describe('axes', () => {
  it('of accuracy reach from 0 to 100 %', () => {
    const axis = accuracyAxis(ends);
    expect(axis.ticks.map(({ text }) => text)).toEqual(['0 %', '25 %', '50 %', '75 %', '100 %']);
    expect([axis.place(0), axis.place(0.2), axis.place(1)]).toEqual([100, 80, 0]);
  });

  it.each([
    [[2.3], 3],
    [[2.3, Number.NaN, Number.POSITIVE_INFINITY], 3],
    [[2.3, 17], 20],
    [[2.3, 4.1e9], 6e9],
  ])('of losses %j end at a round number', (losses, top) => {
    const epochs = losses.map((loss, i) => epoch(i + 1, loss, 0.1));
    const axis = lossAxis({ trainings: [training(epochs)], before: null })(ends);
    expect(axis.place(top)).toBe(0);
    expect(axis.place(top * 0.99)).toBeGreaterThan(0);
    expect(axis.place(Number.POSITIVE_INFINITY)).toBe(0);
    expect(axis.ticks.length).toBeLessThan(7);
  });

  it('of more epochs than a function takes arguments', () => {
    const epochs = Array.from({ length: 300_000 }, (_, i) => epoch(i, i === 7 ? 6 : 2, 0.1));
    expect(lossAxis({ trainings: [training(epochs)], before: null })(ends).place(6)).toBe(0);
  });

  it('of errors and gradients hold what is finite', () => {
    const epochs = [epoch(0, 3), epoch(1, 1e-5), epoch(2, Number.NaN), epoch(3, 0)];
    const axis = errorAxis({ trainings: [training(epochs)], before: null })(ends);
    expect([axis.place(-5), axis.place(1)]).toEqual([100, 0]);
    expect(gradientAxis({ trainings: [], before: null })(ends).ticks.length).toBeGreaterThan(1);
  });
});
