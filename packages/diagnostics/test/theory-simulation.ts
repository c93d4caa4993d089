/**
 * Plain f64 simulators that share nothing with the code they check: their own generator, samplers and forward pass. What
 * they draw is fixed by a seed.
 */

export type Draw = () => number;

/** Uniform numbers in (0, 1), 32 bits each, by a Weyl sequence and a multiplicative mix (splitmix32). */
export function uniforms(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (((z ^ (z >>> 15)) >>> 0) + 0.5) * 2 ** -32;
  };
}

/** Standard normals by Box & Muller, both of a pair. */
export function normals(seed: number): Draw {
  const uniform = uniforms(seed);
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** Laws of mean 0 and variance 1. */
export const standardDraws = {
  normal: normals,
  uniform: (seed: number): Draw => {
    const uniform = uniforms(seed);
    return () => Math.sqrt(3) * (2 * uniform() - 1);
  },
  rademacher: (seed: number): Draw => {
    const uniform = uniforms(seed);
    return () => (uniform() < 0.5 ? -1 : 1);
  },
  laplace: (seed: number): Draw => {
    const uniform = uniforms(seed);
    return () => {
      const u = uniform() - 0.5;
      return (-Math.sign(u) * Math.log(1 - 2 * Math.abs(u))) / Math.SQRT2;
    };
  },
} as const;

export interface SimulatedNet {
  readonly widths: readonly number[];
  /** Standard deviation of a weight, from the fan-in. */
  readonly deviation: (fanIn: number, fanOut: number) => number;
  readonly weight: Draw;
  readonly biasDeviation?: (fanIn: number) => number;
  readonly bias?: Draw;
  readonly input: readonly number[];
}

/** The lengths M_1 … M_d of one random net with independent weights. */
export function simulateLengths(net: SimulatedNet): number[] {
  let current: readonly number[] = net.input;
  return net.widths.slice(1).map((width, index) => {
    const fanIn = net.widths[index] ?? 0;
    const deviation = net.deviation(fanIn, width);
    const biasDeviation = net.biasDeviation?.(fanIn) ?? 0;
    const next = new Array<number>(width);
    for (let k = 0; k < width; k++) {
      let sum = biasDeviation * (net.bias?.() ?? 0);
      for (let i = 0; i < fanIn; i++) sum += deviation * net.weight() * (current[i] ?? 0);
      next[k] = Math.max(0, sum);
    }
    current = next;
    return meanSquare(next);
  });
}

/** A neuron's weights a row: a random orthogonal matrix of gain √2, a Gaussian one made orthonormal along its shorter side. */
export function orthogonalRows(fanIn: number, width: number, normal: Draw): number[][] {
  const few = Math.min(fanIn, width);
  const many = Math.max(fanIn, width);
  const basis: number[][] = [];
  for (let r = 0; r < few; r++) {
    const vector = Array.from({ length: many }, () => normal());
    for (const other of basis) {
      const overlap = dot(vector, other);
      for (let i = 0; i < many; i++) vector[i] = (vector[i] ?? 0) - overlap * (other[i] ?? 0);
    }
    const norm = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((x) => x / norm));
  }
  return Array.from({ length: width }, (_, k) =>
    Array.from(
      { length: fanIn },
      (_, i) => Math.SQRT2 * ((fanIn >= width ? basis[k]?.[i] : basis[i]?.[k]) ?? 0),
    ),
  );
}

/** The lengths of one net with orthogonal weights of gain √2 and zero biases. */
export function simulateOrthogonalLengths(
  widths: readonly number[],
  normal: Draw,
  input: readonly number[],
): number[] {
  let current: readonly number[] = input;
  return widths.slice(1).map((width, index) => {
    const rows = orthogonalRows(widths[index] ?? 0, width, normal);
    const before = current;
    current = rows.map((row) => Math.max(0, dot(row, before)));
    return meanSquare(current);
  });
}

export function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

export function meanSquare(values: readonly number[]): number {
  return dot(values, values) / values.length;
}

/** Mean and its standard error from the sample. */
export function sampleMean(values: readonly number[]): {
  readonly mean: number;
  readonly standardError: number;
} {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const square = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(square / values.length) };
}

/** Binomial standard error of a share over `trials`. */
export function shareStandardError(probability: number, trials: number): number {
  return Math.sqrt((probability * (1 - probability)) / trials);
}

/** The input's width, then `depth` layers of `width`. */
export function constantWidths(input: number, width: number, depth: number): number[] {
  return [input, ...new Array<number>(depth).fill(width)];
}
