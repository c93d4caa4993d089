/**
 * Where a diagnosis draws its lines, and why. Lengths are in decades, log₁₀ of the length at the last hidden layer over the
 * input's. "Starts" means 20 % test accuracy on ten classes of images with plain SGD at rate 0.01 within the cap of the
 * study `verdict-agreement`, on whose results docs/verdicts.md checks every number here.
 */
import { portableMath } from '@kindling/core';

/**
 * Below this a net starts late, if at all: 10⁻⁵. Where late starts end depends on the width: `eventualLine`. Pre-activations are then √10⁻⁵ = 0.003 of the input's size, and the noise of SGD
 * moves the biases by as much within some hundred steps (rate 0.01 × √steps / √batch), so units are switched on or off
 * for good before the input has had a say. All layers' gradients carry the same factor, so no layer escapes.
 */
export const vanishingDecades = -5;

/**
 * The same where biases keep the length up: 10⁻⁴. The input's share must be told from a constant that is much larger, and
 * nothing shrinks the constant: such nets wait for the last layers to grow, some ten times as long as others.
 */
export const biasedVanishingDecades = -4;

/** How far below a start still comes, however late, if it is a narrow net: the exponent of the width, and where it begins. */
const eventualOfWidth = { constant: -1.5, slope: -4 } as const;

/** No width starts below this: 10⁻⁸·⁵. Nets of 60 units get there, and ones of 100 and 200 get no further (docs/verdicts.md). */
export const eventualDecades = -8.5;

/** The same where biases keep the length up, whatever the width: 10⁻⁵. */
export const biasedEventualDecades = -5;

/**
 * The decade below which a net never starts, as far as forty epochs tell: −1.5 − 4 log₁₀ n, between `eventualDecades` and
 * `vanishingDecades`. The root of that is 0.2/n²: n units
 * learn together, so a function moves faster the wider the net. Fitted to trainings at widths 10 to 200 (docs/verdicts.md).
 *
 * @param width the harmonic mean of the hidden widths, > 0: depth/S
 */
export function eventualLine(biased: boolean, width: number): number {
  if (biased) return biasedEventualDecades;
  const { constant, slope } = eventualOfWidth;
  const line = constant + (slope * portableMath.log(width)) / Math.LN10;
  return Math.min(vanishingDecades, Math.max(eventualDecades, line));
}

/** The decade below which a net does not start in time. */
export function vanishingLine(biased: boolean): number {
  return biased ? biasedVanishingDecades : vanishingDecades;
}

/** Biases keep the length up when it is more than ten times what the input contributes. */
export const biasedDecades = 1;

/**
 * Above this a net does not start: 10^2.5. A step of rate η changes a layer's weights by about η √M relative to themselves
 * (the gradient of cross-entropy is bounded, the activations are not); at η = 0.01 and an input length of 0.2, 10^2.5 gives
 * 0.08 a layer, which compounds to a factor of 5 over 20 layers in one step, and the next step is larger.
 */
export const explodingDecades = 2.5;

/**
 * The same for residual nets whose branches end in ReLU: 10^3.4. What these add is positive and nearly the same for every input, so that
 * most of the length is one direction, which the biases of the output layer undo. Found by training (docs/verdicts.md).
 */
export const reluModulesExplodingDecades = 3.4;

/**
 * And where branches end in a linear layer: 10². Two layers a module move at once, each by what the other one's size makes of the step.
 * Found by training (docs/verdicts.md).
 */
export const linearModulesExplodingDecades = 2;

/** A verdict is what holds for more nets than not. */
export const startingShare = 0.5;

/** A cause is named when it alone loses a quarter of the nets, given that more than half are lost. */
export const contributingShare = 0.25;

/**
 * S = Σ 1/n_j at which a typical Gaussian net, whose log length is −5S/2 off the mean's, passes `vanishingDecades`:
 * S = 2 · 5 · ln 10 / 5 = 4.6.
 */
export const typicalReciprocalWidths = (-2 * vanishingDecades * Math.LN10) / 5;

/** Sums of reciprocals are compared with this slack: fifty times 1/50 is a hair more than 1 in f64. */
export const reciprocalSlack = 1e-9;

/** What remedies widen to. At S = 1 a typical length is e^−2.5, a twelfth of the mean: one decade, far from both lines. */
export const comfortableReciprocalWidths = 1;

/** Probability of being born dead that remedies aim at, and below which a bound is as good as a measurement. */
export const negligibleBornDead = 0.05;

/** Every line of a diagnosis, by name. */
export const verdictThresholds = {
  vanishingDecades,
  biasedVanishingDecades,
  eventualDecades,
  biasedEventualDecades,
  biasedDecades,
  explodingDecades,
  reluModulesExplodingDecades,
  linearModulesExplodingDecades,
  startingShare,
  contributingShare,
  typicalReciprocalWidths,
  comfortableReciprocalWidths,
  negligibleBornDead,
} as const;
