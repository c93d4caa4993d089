/** The callback for `model.fit`. */
import { repair, startWatch, type WatchReport } from '@kindling/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { held, startTensorflow, stockModel, tf } from './tensorflow.js';

beforeAll(() => startTensorflow('wasm'));

async function fit(model: tf.LayersModel, options: object = {}): Promise<readonly WatchReport[]> {
  const reports: WatchReport[] = [];
  const x = tf.randomNormal([40, 20], 0, 1, 'float32', 3);
  const y = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: 40 }, (_, i) => i % 10),
      'int32',
    ),
    10,
  );
  model.compile({ optimizer: tf.train.sgd(0.05), loss: 'categoricalCrossentropy' });
  const callback = startWatch({
    everySteps: 2,
    steps: 6,
    ...options,
    onReport: (report) => void reports.push(report),
  });
  await model.fit(x, y, { epochs: 2, batchSize: 10, verbose: 0, shuffle: false, callbacks: [callback] });
  tf.dispose([x, y]);
  return reports;
}

describe('startWatch', () => {
  it('reports before the first step and during the first ones', async () => {
    const model = stockModel(3, 20, 5);
    const [start, ...later] = await fit(model);
    expect([start, ...later].map((report) => report?.step)).toEqual([0, 2, 4, 6]);
    expect(start?.loss).toBeNull();
    for (const { loss } of later) expect(loss).toBeGreaterThan(0);
    expect(start?.layers).toHaveLength(4);
    expect(start?.verdict).toBe('starts');
    // Training changes the lengths on the same inputs.
    expect(later.at(-1)?.layers[2]?.length).not.toBe(start?.layers[2]?.length);
    expect(start?.deadUnits.units).toBe(60);
  });

  it('sees a net that vanishes, and leaves nothing behind', async () => {
    const model = stockModel(8, 20, 5);
    // A layer multiplies the length by 0.01.
    await repair(model, { init: 'normal:variance=0.001', gradients: false, remedies: false });
    await fit(model, { steps: 0 });
    const before = held();
    const reports = await fit(model);
    expect(reports[0]?.verdict).not.toBe('starts');
    expect(reports[0]?.headline).toContain('unlikely to start');
    const one = held().numTensors - before.numTensors;
    await fit(model);
    // What `compile` itself adds each time (the rate of a new optimizer), and nothing a report.
    expect(held().numTensors - before.numTensors).toBe(2 * one);
    await fit(model, { steps: 0 });
    expect(held().numTensors - before.numTensors).toBe(3 * one);
    expect(reports).toHaveLength(4);
  });

  it('refuses steps out of range', () => {
    const onReport = () => undefined;
    expect(() => startWatch({ everySteps: 0, onReport })).toThrow('everySteps is 0; expected an integer ≥ 1');
    expect(() => startWatch({ steps: -1, onReport })).toThrow('steps is -1; expected an integer ≥ 0');
  });
});
