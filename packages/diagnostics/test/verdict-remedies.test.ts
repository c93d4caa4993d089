/** Remedies: applied again they give what was promised, and none makes anything worse. */
import { createEngine } from '@kindling/core';
import { type DiagnoseOptions, type Diagnosis, diagnose, type Remedy } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();

function layers(input: number, width: number, depth: number): number[] {
  return [input, ...new Array<number>(depth).fill(width)];
}

function optionsOf(widths: readonly number[], name: string): DiagnoseOptions {
  return { widths, initializer: findInitializer(name).initializer, initializerName: name, trials: 100 };
}

/** The change as a user would apply it. */
function applied(options: DiagnoseOptions, { change }: Remedy): DiagnoseOptions {
  const { weightScales: _, ...rest } = options;
  const scales = change.weightScales ?? (change.initializer === undefined ? options.weightScales : undefined);
  return {
    ...rest,
    ...(change.widths === undefined ? {} : { widths: change.widths }),
    ...(change.initializer === undefined ? {} : { initializer: change.initializer }),
    ...(scales === undefined ? {} : { weightScales: scales }),
  };
}

const cases: readonly (readonly [widths: readonly number[], name: string])[] = [
  [layers(784, 100, 50), 'glorot-normal'],
  [layers(784, 100, 50), 'tfjs:he-normal'],
  [layers(784, 100, 50), 'he-normal-2x'],
  [layers(784, 100, 50), 'pytorch:linear'],
  [layers(784, 10, 50), 'he-normal'],
  [layers(784, 10, 50), 'lecun-normal'],
  [layers(784, 10, 50), 'ones'],
  [layers(784, 20, 20), 'brainjs'],
  [layers(1, 2, 9), 'he-normal'],
  [layers(784, 5, 20), 'he-normal-2x'],
  [layers(784, 3, 20), 'glorot-uniform'],
  [layers(784, 50, 30), 'sparse'],
  [layers(784, 20, 30), 'rai'],
  [layers(784, 100, 5), 'zeros'],
];

describe.each(cases)('%j with %s', (widths, name) => {
  const options = optionsOf(widths, name);
  const diagnosis = diagnose(engine, options);

  it('has at least one remedy that makes it start', () => {
    expect(diagnosis.verdict).not.toBe('starts');
    expect(diagnosis.remedy[0]?.starts).toBe(true);
  });

  it('keeps its promises: diagnosed again, every change gives its after-numbers', () => {
    for (const remedy of diagnosis.remedy) {
      const after = diagnose(engine, { ...applied(options, remedy), remedies: false });
      expect(after.numbers).toEqual(remedy.after);
      expect(remedy.before).toEqual(diagnosis.numbers);
      expect(remedy.starts).toBe(after.verdict === 'starts');
    }
  });

  it('never makes it worse', () => {
    for (const { before, after, code } of diagnosis.remedy) {
      const revived = code === 'born-dead' && after.bornDeadProbability <= before.bornDeadProbability / 2;
      expect(after.startingShare > before.startingShare || revived).toBe(true);
      // A hundred nets know a probability to 0.05.
      expect(after.bornDeadProbability).toBeLessThanOrEqual(before.bornDeadProbability + 0.05);
    }
  });
});

describe('the words of remedies', () => {
  const first = (diagnosis: Diagnosis, pattern: RegExp) =>
    diagnosis.remedy.find(({ text }) => pattern.test(text));

  it('scales the truncated normal by 1.137 and names the cause', () => {
    const diagnosis = diagnose(engine, optionsOf(layers(784, 100, 50), 'tfjs:he-normal'));
    const remedy = first(diagnosis, /multiply/);
    expect(remedy?.text).toMatch(/truncated at 2σ and its variance not corrected/);
    expect(remedy?.text).toMatch(/multiply the weights of layers 1\.\.50 by 1\.137 \(variance 2\/fan-in\)/);
    expect(remedy?.change.weightScales?.[0]).toBeCloseTo(Math.sqrt(1 / 0.7737413), 6);
  });

  it('gives runs of layers where scales differ', () => {
    const diagnosis = diagnose(engine, optionsOf(layers(784, 100, 50), 'glorot-normal'));
    expect(first(diagnosis, /multiply/)?.text).toMatch(/layer 1 by 1\.062 and of layers 2\.\.50 by 1\.414/);
  });

  it('names the width, or the depth, that brings S to 1', () => {
    const diagnosis = diagnose(engine, optionsOf(layers(784, 10, 50), 'he-normal'));
    const wider = first(diagnosis, /width/);
    expect(wider?.text).toBe('width ≥ 50 in each of the 50 layers for S ≤ 1');
    expect(wider?.change.widths).toEqual(layers(784, 50, 50));
    expect(first(diagnosis, /hidden layers instead/)?.change.widths).toEqual(layers(784, 10, 10));
  });

  it('widens only the layers that are narrow', () => {
    const widths = [20, ...new Array<number>(20).fill(4), ...new Array<number>(20).fill(60)];
    const wider = first(diagnose(engine, optionsOf(widths, 'he-normal')), /width/);
    expect(wider?.change.widths?.slice(21)).toEqual(widths.slice(21));
    expect(wider?.text).toMatch(/each of the 20 layers that are narrower/);
  });

  it('offers RAI against death, with both probabilities', () => {
    const diagnosis = diagnose(engine, { ...optionsOf(layers(1, 2, 9), 'he-normal'), trials: 2000 });
    const rai = first(diagnosis, /RAI/);
    expect(rai?.change.initializerName).toBe('rai');
    // Theory of the literature: about .88 (zero biases) → .24; five standard errors of 2,000 nets and the batch's grain.
    expect(Math.abs((rai?.before.bornDeadProbability ?? 0) - 0.8809)).toBeLessThan(5 * 0.0073);
    expect(Math.abs((rai?.after.bornDeadProbability ?? 0) - 0.24)).toBeLessThan(5 * 0.0096 + 0.01);
  });

  it('has none for a net that starts, nor when none are wanted', () => {
    expect(diagnose(engine, optionsOf(layers(784, 100, 50), 'he-normal')).remedy).toEqual([]);
    const options = optionsOf(layers(784, 100, 50), 'lecun-normal');
    expect(diagnose(engine, { ...options, remedies: false }).remedy).toEqual([]);
  });
});
