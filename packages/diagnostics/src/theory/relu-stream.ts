/** The cosine with the diagonal behind one fully connected ReLU layer of normal weights, which may stand in front of residual modules. */
import { binomialProbabilities } from './binomial.js';
import { type ReluStream, startStream } from './residual-relu.js';

/**
 * Of K ~ Binomial(n, ½) active units the direction u is uniform on the positive part of a sphere and independent of the length
 * ‖x‖² ∝ χ²_K, so with E[u_i given K] = Γ(K/2)/(√π Γ((K + 1)/2))
 *
 *     E[‖x‖² τ]/E‖x‖² = (2/n) Σ_k P(K = k) k · k E[u_i given k]/√n,   E[‖x‖² τ²]/E‖x‖² = (1 + (n − 1)/π)/n
 *
 * @param width n
 */
export function reluStream(width: number): ReluStream {
  const active = binomialProbabilities(width, 0.5);
  // Γ(k/2)/(√π Γ((k + 1)/2)) for k = 1 and 2, then every second from the one before.
  const coordinate = new Float64Array(width + 1);
  let sum = 0;
  for (let k = 1; k <= width; k++) {
    coordinate[k] = k === 1 ? 1 : k === 2 ? 2 / Math.PI : ((coordinate[k - 2] ?? 0) * (k - 2)) / (k - 1);
    sum += (active[k] ?? 0) * k * k * (coordinate[k] ?? 0);
  }
  return startStream({
    cosine: (2 * sum) / (width * Math.sqrt(width)),
    cosineSquare: (1 + (width - 1) / Math.PI) / width,
    positive: true,
    symmetric: false,
  });
}
