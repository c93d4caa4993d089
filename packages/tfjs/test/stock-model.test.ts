/**
 * The net that the documentation of TensorFlow.js leads people to: 50 dense layers of 100 with `kernelInitializer: 'heNormal'`. On its
 * WebAssembly backend. (That it trains after the repair, and not before, is shown in test/parity.)
 */
import { diagnose, repair } from '@kindling/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { held, startTensorflow, stockModel, tf } from './tensorflow.js';

beforeAll(() => startTensorflow('wasm'));

const depth = 50;
const width = 100;

describe('a stock net of 50 layers of 100 with heNormal', () => {
  it('is diagnosed fm1-vanishing, with the factor 0.774 a layer and the cause', async () => {
    const model = tf.sequential();
    for (let j = 0; j < depth; j++) {
      model.add(
        tf.layers.dense({
          units: width,
          activation: 'relu',
          kernelInitializer: 'heNormal',
          ...(j === 0 ? { inputShape: [width] } : {}),
        }),
      );
    }
    model.add(tf.layers.dense({ units: 10, activation: 'softmax' }));
    const before = held();
    const found = await diagnose(model);
    expect(held()).toEqual(before);
    expect(found.backend).toBe('wasm');
    expect(tf.getBackend()).toBe('wasm');
    expect(found.verdict).toBe('fm1-vanishing');
    expect(found.basis).toBe('law');
    // What truncation at two deviations leaves: 1 − 4φ(2)/(2Φ(2) − 1).
    expect(found.lengthFactor).toBeCloseTo(0.7737413, 6);
    expect(found.cause).toContain('truncated normal without its correction');
    expect(found.cause).toContain('tensorflow/tfjs issue 8594');
    expect(found.layers[0]?.statedLaw).toBe('tfjs:he-normal');
    expect(found.layers.slice(0, depth).every(({ matchesLaw }) => matchesLaw)).toBe(true);
    expect(found.theory?.remedy.some(({ starts }) => starts)).toBe(true);
    // The measured weights say the same of themselves: 0.774^50 within the error of 50 kernels of 10,000 numbers.
    const error = (depth * Math.sqrt((-0.634 + 2) / (width * width)) * Math.LOG10E) / Math.sqrt(depth);
    expect(Math.abs((found.measured.log10Weights ?? 0) - depth * Math.log10(0.7737413))).toBeLessThan(
      5 * error,
    );
    model.dispose();
  });

  it('has the lengths that theory gives it, over 8 models', async () => {
    const logs: number[] = [];
    let [expected, deviation] = [0, 0];
    for (let i = 0; i < 8; i++) {
      const model = stockModel(depth, width, 1 + 100 * i);
      const { measured, theory } = await diagnose(model, {
        inputs: 1,
        seed: i,
        gradients: false,
        remedies: false,
      });
      logs.push(measured.log10Length ?? Number.NaN);
      expected = theory?.numbers.log10Typical ?? Number.NaN;
      deviation = theory?.numbers.log10Deviation ?? Number.NaN;
      model.dispose();
    }
    const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
    const error = deviation / Math.sqrt(logs.length);
    expect(error).toBeLessThan(0.3);
    expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
    // Negative control: a critical net is 5.6 decades off.
    expect(Math.abs(mean)).toBeGreaterThan(15 * error);
  });

  it('repaired, has a critical length within its standard error, and keeps everything else', async () => {
    const logs: number[] = [];
    let [expected, deviation] = [0, 0];
    const model = stockModel(depth, width, 7);
    const before = held();
    const topology = model.toJSON();
    for (let seed = 0; seed < 8; seed++) {
      const report = await repair(model, {
        init: 'he-normal',
        seed,
        inputs: 1,
        gradients: false,
        remedies: false,
      });
      expect(report.after.verdict).toBe('starts');
      // One kernel: 2 ± √(2/10,000) · 2.
      for (const { layer, after } of report.kernels.slice(0, depth)) {
        expect(Math.abs(after - 2), layer).toBeLessThan(5 * 2 * Math.sqrt(2 / (width * width)));
      }
      const { measured } = report.log10Length;
      logs.push(measured ?? Number.NaN);
      expected = report.log10Length.expected ?? Number.NaN;
      deviation = report.log10Length.standardDeviation ?? Number.NaN;
    }
    // E log M = −5S/2 to first order and Var log M = 5S, S = 1/2: a typical net has 10^−0.55 of the input's length.
    expect(expected).toBeCloseTo((-2.5 * 0.5) / Math.LN10, 1);
    expect(deviation).toBeCloseTo(Math.sqrt(5 * 0.5) / Math.LN10, 1);
    const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
    expect(Math.abs(mean - expected)).toBeLessThan((4 * deviation) / Math.sqrt(logs.length));
    expect(held()).toEqual(before);
    expect(model.toJSON()).toEqual(topology);
    // What the topology states is no longer true of the weights, and a diagnosis sees it.
    const again = await diagnose(model, { gradients: false });
    expect(again.basis).toBe('weights');
    expect(again.verdict).toBe('starts');
    expect(again.notes.join()).toContain('no draw of tfjs:he-normal');
    model.dispose();
  });

  it('rescaled, is critical too, each weight multiplied by about 1.137', async () => {
    const model = stockModel(depth, width, 3);
    const old = model.getWeights()[4]?.dataSync() ?? [];
    const kept = Float32Array.from(old);
    const report = await repair(model, { scaleOnly: true, init: 'he-normal', gradients: false });
    expect(report.before.verdict).toBe('fm1-vanishing');
    expect(report.after.verdict).toBe('starts');
    for (const { after } of report.kernels) expect(after).toBeCloseTo(2, 5);
    const now = model.getWeights()[4]?.dataSync() ?? [];
    const factor = (now[0] ?? 0) / (kept[0] ?? 1);
    expect(Math.abs(factor - 1 / Math.sqrt(0.7737413))).toBeLessThan(0.02);
    kept.forEach((x, i) => {
      expect(now[i]).toBeCloseTo(x * factor, 5);
    });
    model.dispose();
  });

  it('chooses a remedy by itself', async () => {
    const model = stockModel(depth, width, 5);
    const report = await repair(model, { gradients: false });
    expect(report.init).toBe('he-truncated-normal');
    expect(report.after.theory?.verdict).toBe('starts');
    model.dispose();
  });
});
