/**
 * Where to start: nets that fail on data that are always there, each for the reason of one figure of the studies, and a word on why. All
 * are data; their first remedy mends them, which a test runs.
 */

/** A preset. Plain JSON. */
export interface ExplorePreset {
  readonly name: string;
  readonly title: string;
  /** Two sentences. */
  readonly explanation: string;
  /** What explains it, and where that is proved. */
  readonly theorem: string;
  /** As `parseExploreText` reads it. */
  readonly query: string;
}

const hanin = 'Hanin & Rolnick, NeurIPS 2018';

/** By name, in the order of a menu; the first is where a visitor without wishes begins. */
export const explorePresets = [
  {
    name: 'default',
    title: 'What TensorFlow.js draws today',
    explanation:
      'Fifty layers as tf.layers.dense draws them: every layer keeps 39 % of the mean squared signal, and nothing of it is left at the output. One factor on the weights makes the same net learn.',
    theorem: `Theorem 1 of ${hanin}: the mean length is multiplied by Var(w) · fan-in / 2 a layer`,
    query: 'net=dense+100*50+tfjs:dense&epochs=6',
  },
  {
    name: 'figure-1',
    title: 'Figure 1: the variance of the weights',
    explanation:
      'Glorot weights halve the mean length in every layer, He weights keep it. The first net stands still at one class in ten while the second learns.',
    theorem: `Theorem 1 of ${hanin}: no failure mode 1 exactly when Var(w) = 2/fan-in`,
    query: 'net=dense+100*40+glorot-uniform&net=dense+100*40+he-normal&epochs=6',
  },
  {
    name: 'figure-2',
    title: 'Figure 2: the scales of residual modules',
    explanation:
      'Thirty residual modules of scale 1 add up: lengths grow exponentially in Σ η = 30 and the first steps diverge. Scales whose sum stays bounded keep them, at any depth.',
    theorem: `Theorem 2 of ${hanin}: the mean length stays bounded exactly when Σ η_l does`,
    query: 'net=residual+50*30+he-normal&epochs=4',
  },
  {
    name: 'figure-3',
    title: 'Figure 3: widths',
    explanation:
      'Every layer keeps the mean, but thirty layers of width 5 make the lengths of one net scatter so much that a typical net carries next to nothing. The same depth at an even width of 50 starts.',
    theorem: `Theorem 3 of ${hanin}: the variance of the lengths grows exponentially in S = Σ 1/n_j`,
    query: 'net=dense+50*20,5*30+he-normal&epochs=6',
  },
  {
    name: 'figure-4',
    title: 'Figure 4: convolutions',
    explanation:
      'Convolutions follow the same rule with the fan-in of a window: LeCun weights halve the signal in each of 22 layers. With variance 2/fan-in the net learns, though zero padding leaks a little at every border.',
    theorem: `Theorem 1 of ${hanin}, whose proof holds for convolutions; the leak is derived in figure 4`,
    query: 'net=conv+8/2*2,8*20+lecun-normal&epochs=5',
  },
  {
    name: 'dying-relu',
    title: 'Dying ReLU: born dead',
    explanation:
      'Nine layers of two neurons are to learn |x|, and most of such nets are constant functions before the first step: no optimizer can wake them. Wider layers are hardly ever born dead.',
    theorem:
      'Lu, Shin, Su & Karniadakis, 2020, Theorem 3: a deep narrow net is born dead with a probability that tends to 1 with depth',
    query: 'net=dense+2*9+he-normal&data=absolute&seed=2&maps=5&runs=5&epochs=100',
  },
] as const satisfies readonly ExplorePreset[];

/** A preset's name. */
export type ExplorePresetName = (typeof explorePresets)[number]['name'];
