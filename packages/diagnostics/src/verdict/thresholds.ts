/**
 * Where a diagnosis draws its lines, and why. Lengths are in decades, log₁₀ of the length at the last hidden layer over the
 * input's. "Starts" means 20 % test accuracy on ten classes of images with plain SGD at rate 0.01 within the cap of the
 * study `verdict-agreement`, on whose results docs/verdicts.md checks every number here.
 */

/**
 * Below this a net starts late, if at all: 10⁻⁵. How far below a late start ends depends on the width (docs/verdicts.md: near
 * 10⁻⁶·⁵ at width 20, 10⁻⁹·⁵ at width 100), which this line does not know. Pre-activations are then √10⁻⁵ = 0.003 of the input's size, and the noise of SGD
 * moves the biases by as much within some hundred steps (rate 0.01 × √steps / √batch), so units are switched on or off
 * for good before the input has had a say. All layers' gradients carry the same factor, so no layer escapes.
 */
export const vanishingDecades = -5;

/**
 * The same where biases keep the length up: 10⁻⁴. The input's share must be told from a constant that is much larger, and
 * nothing shrinks the constant: such nets wait for the last layers to grow, some ten times as long as others.
 */
export const biasedVanishingDecades = -4;

/** Biases keep the length up when it is more than ten times what the input contributes. */
export const biasedDecades = 1;

/**
 * Above this a net does not start: 10^2.5. A step of rate η changes a layer's weights by about η √M relative to themselves
 * (the gradient of cross-entropy is bounded, the activations are not); at η = 0.01 and an input length of 0.2, 10^2.5 gives
 * 0.08 a layer, which compounds to a factor of 5 over 20 layers in one step, and the next step is larger.
 */
export const explodingDecades = 2.5;

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
  biasedDecades,
  explodingDecades,
  startingShare,
  contributingShare,
  typicalReciprocalWidths,
  comfortableReciprocalWidths,
  negligibleBornDead,
} as const;
