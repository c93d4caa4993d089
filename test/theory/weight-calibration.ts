/** What the tests of weights say of fresh ones: 2,000 tensors of an initializer. */
import {
  allocateDenseNetwork,
  allocateMatrix,
  createEngine,
  deriveKey,
  keyPurpose,
  openStream,
  readMatrix,
  rootKey,
} from '@kindling/core';
import { candidateLaws, type RunsTest, testAgainstLaw, testBits } from '@kindling/diagnostics';
import {
  findInitializer,
  type InitializerName,
  initializeNetwork,
  initializerNames,
} from '@kindling/initializers';

/** Tensors of each initializer. */
export const tensors = 2000;
/** The tensor that is looked at is the second layer's: behind it data-driven initializers have something to see. */
export const sizes = { inputs: 10, fanIn: 16, units: 24, points: 16 } as const;

/** Z over the tensors. */
export interface ZMoments {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
}

/** What was found of an initializer. */
export interface Calibration {
  readonly name: InitializerName;
  /** Why its bits were not tested; `null` where they were. */
  readonly refusal: string | null;
  readonly values: ZMoments | null;
  readonly signs: ZMoments | null;
  readonly lowBits: ZMoments | null;
  /** √n times the largest distance of the p-values of A² from the uniform law; `null` where the law is not one of the catalog's known ones. */
  readonly unevenness: number | null;
}

const engine = createEngine();

/** Draws 2,000 second layers and tests each. */
export function calibrate(name: InitializerName): Calibration {
  const { fanIn, units } = sizes;
  const law = candidateLaws({ fanIn, fanOut: units }).find(({ names }) => names.includes(name));
  const found: Record<'values' | 'signs' | 'lowBits', number[]> = { values: [], signs: [], lowBits: [] };
  const p: number[] = [];
  let refusal: string | null = null;
  for (let trial = 0; trial < tensors; trial++) {
    const values = draw(name, trial);
    const test = testBits(engine, values);
    refusal ??= test.refusal?.reason ?? null;
    note(found.values, test.values);
    note(found.signs, test.groups.sign);
    note(found.lowBits, test.groups['fraction 0–7']);
    if (law !== undefined) {
      p.push(testAgainstLaw(Float64Array.from(values).sort(), law.shape, law.deviation).pValue);
    }
  }
  return {
    ...{ name, refusal },
    values: momentsOf(found.values),
    signs: momentsOf(found.signs),
    lowBits: momentsOf(found.lowBits),
    unevenness: p.length === 0 ? null : unevennessOf(p),
  };
}

function note(to: number[], test: RunsTest | null): void {
  if (test !== null) to.push(test.z);
}

function draw(name: InitializerName, trial: number): Float32Array {
  const { initializer } = findInitializer(name);
  const { inputs, fanIn, units, points } = sizes;
  const mark = engine.arena.mark();
  try {
    const network = allocateDenseNetwork(engine, { widths: [inputs, fanIn, units], outputs: units });
    const data = {
      inputs: allocateMatrix(engine, points, inputs),
      targets: allocateMatrix(engine, points, units),
    };
    const stream = openStream(engine, deriveKey(rootKey(52), keyPurpose.data, trial));
    for (const { pointer, rows, stride } of [data.inputs, data.targets]) {
      engine.kernels.fill_normal(stream, rows * stride, pointer, 1);
    }
    // Fixup scales a law and asks for blocks; in a dense net the law is left.
    const drawn =
      initializer.kind === 'fixup'
        ? ({ kind: 'layerwise', weights: initializer.weights, biases: { kind: 'zeros' } } as const)
        : initializer;
    // Each initializer has numbers of its own, or all normal ones would be wrong together.
    const own = deriveKey(rootKey(51), keyPurpose.cell, initializerNames.indexOf(name));
    initializeNetwork(engine, network, drawn, deriveKey(own, keyPurpose.trial, trial), data);
    const second = network.layers[1];
    if (second === undefined) throw new Error('no second layer');
    return readMatrix(engine, second.weights).slice();
  } finally {
    engine.arena.release(mark);
  }
}

function momentsOf(z: readonly number[]): ZMoments | null {
  if (z.length === 0) return null;
  const mean = z.reduce((sum, value) => sum + value, 0) / z.length;
  const variance = z.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / z.length;
  return { count: z.length, mean, deviation: Math.sqrt(variance) };
}

function unevennessOf(pValues: readonly number[]): number {
  const sorted = Float64Array.from(pValues).sort();
  const n = sorted.length;
  return Math.sqrt(n) * sorted.reduce((most, p, i) => Math.max(most, p - i / n, (i + 1) / n - p), 0);
}
