/**
 * The empirical variance of the lengths across the layers of one net, V̂ = (1/d) Σ M_j² − ((1/d) Σ M_j)², in the mean over
 * nets: failure mode 2 of Hanin & Rolnick (2018, Theorem 3). It depends on the order of the widths; E[M_d²] does not.
 */
import { checkCount } from './check-numbers.js';
import { factorMoments, readLengthLaw } from './length-law.js';
import { secondMoment, walkMoments } from './length-moments.js';
import { inputMoments, type PredictLengthsOptions } from './lengths.js';

/**
 * E[V̂], for every law that has a second moment. Given the layers before, M_j is g_j M_{j−1} + h_j in the mean, so
 * E[M_i M_j] follows from E[M_i²]; for Gaussian He, a_j = Π_{i≤j}(1 + 5/n_i):
 *
 *     E[V̂] = M₀² ((1/d) Σ_j a_j − (1/d²) Σ_j (2(d − j) + 1) a_j)
 *
 * @returns null where there is no closed form (`lengthTheory` says why); Infinity beyond the range of f64
 * @throws InvalidArgumentError as `predictLengths`
 */
export function predictLengthVariance(options: PredictLengthsOptions): number | null {
  const law = readLengthLaw('predictLengthVariance', options.initializer, options.widths);
  const { length, fourth } = inputMoments('predictLengthVariance', options);
  if (law.theory.secondMoment !== true) return null;
  return expectedVariance(
    walkMoments(law, length, fourth).map((moments) => ({
      mean: moments.mean,
      secondMoment: secondMoment(moments),
      factor: moments.law.factor,
      shift: moments.law.shift,
    })),
  );
}

/** One layer, of which E[M_j | the layers before] = factor · M_{j−1} + shift. */
export interface GrowingLength {
  /** E[M_j]. */
  readonly mean: number;
  /** E[M_j²]. */
  readonly secondMoment: number;
  readonly factor: number;
  readonly shift: number;
}

/** E[V̂] of such layers, from E[M_i M_j]; Infinity beyond the range of f64. */
export function expectedVariance(layers: readonly GrowingLength[]): number {
  const depth = layers.length;
  let sum = 0;
  let sumTimesLast = 0;
  let sumSquare = 0;
  let squares = 0;
  for (const { mean, secondMoment: second, factor, shift } of layers) {
    // E[(M₁ + … + M_{j−1}) M_j].
    const crossed = factor * sumTimesLast + shift * sum;
    sumSquare += 2 * crossed + second;
    sumTimesLast = crossed + second;
    sum += mean;
    squares += second;
  }
  if (depth === 1) return 0;
  const variance = squares / depth - sumSquare / (depth * depth);
  return Number.isFinite(variance) ? Math.max(0, variance) : Number.POSITIVE_INFINITY;
}

/**
 * The standard error of a mean of V̂ over `trials` independent nets, √((E[V̂²] − E[V̂]²)/trials), from the exact fourth
 * moments: Gaussian or orthogonal weights, zero biases. V̂ = P/d − L²/d² with P = Σ M_j² and L = Σ M_j; the expectations of
 * all products P^a L^b M_j^c with 2a + b + c = 4 are carried from layer to layer by M′ = gξM, P′ = P + M′², L′ = L + M′.
 *
 * @param options.trials an integer ≥ 1
 * @returns null where the exact law does not hold; Infinity beyond the range of f64
 * @throws InvalidArgumentError as `predictLengths`, and for trials that are not an integer ≥ 1
 */
export function predictLengthVarianceStandardError(
  options: PredictLengthsOptions & { readonly trials: number },
): number | null {
  const law = readLengthLaw('predictLengthVarianceStandardError', options.initializer, options.widths);
  const { length } = inputMoments('predictLengthVarianceStandardError', options);
  checkCount('predictLengthVarianceStandardError', 'trials', options.trials, {
    most: Number.MAX_SAFE_INTEGER,
  });
  const moments = factorMoments(law);
  if (moments === null) return null;
  const depth = law.layers.length;
  if (depth === 1) return 0;
  // products[a][b] = E[P^a L^b M^(4 − 2a − b)].
  let products: number[][] = [[1, 0, 0, 0, 0], [0, 0, 0], [0]];
  moments.forEach((factor, index) => {
    const g = law.layers[index]?.factor ?? 0;
    const before = products;
    products = [0, 1, 2].map((a) =>
      Array.from({ length: 5 - 2 * a }, (_, b) => {
        let sum = 0;
        for (let i = 0; i <= a; i++) {
          for (let j = 0; j <= b; j++) {
            // P^i of (P + M′²)^a and L^j of (L + M′)^b leave M′ to the power that completes degree 4.
            const power = 4 - 2 * i - j;
            const term = choose(a, i) * choose(b, j) * (before[i]?.[j] ?? 0);
            sum += term * (factor[power] ?? 0) * raise(g, power);
          }
        }
        return sum;
      }),
    );
  });
  const d = depth;
  const square =
    (products[2]?.[0] ?? 0) / (d * d) -
    (2 * (products[1]?.[2] ?? 0)) / (d * d * d) +
    (products[0]?.[4] ?? 0) / (d * d * d * d);
  // These laws have no use for the input's fourth moment.
  const { widths, initializer } = options;
  const mean = predictLengthVariance({ widths, initializer }) ?? 0;
  const variance = square - mean * mean;
  if (!Number.isFinite(variance)) return Number.POSITIVE_INFINITY;
  return length * (length * Math.sqrt(Math.max(0, variance) / options.trials));
}

/** n over k for n ≤ 4. */
function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1);
  return ways;
}

/** x^n by multiplication. */
function raise(x: number, n: number): number {
  let power = 1;
  for (let i = 0; i < n; i++) power *= x;
  return power;
}
