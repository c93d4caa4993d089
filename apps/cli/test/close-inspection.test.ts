/** `kindling inspect --spectra` and `--figures`: fresh nets look random, trained-like ones do not, and figures are files. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openKernelMatrix } from '@kindling/diagnostics/models';
import {
  collectBytes,
  type TensorLayout,
  type TensorRole,
  tensorOfFloats,
  writeSafetensors,
} from '@kindling/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawDense, emptyFolder, writeDenseSafetensors } from './model-fixtures.js';
import { runArguments } from './run-command.js';

interface Close {
  readonly name: string;
  readonly fits: {
    readonly kind: string;
    readonly fits: readonly { law: { name: string }; deltaAic: number }[];
  } | null;
  readonly andersonDarling: { readonly pValue: number } | null;
  readonly normality: { readonly pValue: number } | null;
  readonly spectrum: {
    readonly stableRank: number;
    readonly topDeviation: number;
    readonly spikes: readonly number[];
    readonly shuffle: { readonly shuffles: number; readonly pValue: number };
    readonly powerLaw: { readonly alpha: number; readonly distance: number };
  } | null;
}

let folder = '';
let fresh = '';
let trained = '';
const widths = [40, 60, 30, 4];

beforeAll(async () => {
  folder = await emptyFolder();
  fresh = await writeDenseSafetensors(join(folder, 'fresh.safetensors'), {
    widths,
    initializer: 'he-normal',
  });
  trained = await writeDenseSafetensors(join(folder, 'trained.safetensors'), {
    widths,
    initializer: 'he-normal',
    // What training leaves: a direction of its own, and longer tails.
    change: (weights, layer) =>
      weights.map(
        (w, i) =>
          w +
          3 * w * w * w +
          0.25 * Math.sin(i % (widths[layer] ?? 1)) * Math.cos(3 * Math.floor(i / (widths[layer] ?? 1))),
      ),
  });
});

async function closeOf(...argv: string[]): Promise<readonly Close[]> {
  const { code, stdout } = await runArguments(['inspect', ...argv, '--json']);
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { tensors: readonly Close[] }).tensors;
}

describe('inspect --spectra', () => {
  it('finds nothing in fresh weights: no spike, p of the initializer and of the order not small, a normal law', async () => {
    const tensors = await closeOf(fresh, '--spectra');
    const of = (name: string) => tensors.find((tensor) => tensor.name === `layers.${name}`);
    const [first, bias, second, last] = [of('00.weight'), of('00.bias'), of('01.weight'), of('02.weight')];
    for (const tensor of [first, second]) {
      expect(tensor?.spectrum?.spikes).toEqual([]);
      expect(tensor?.spectrum?.topDeviation).toBeLessThan(2.03);
      expect(tensor?.spectrum?.shuffle.pValue).toBeGreaterThan(0.05);
      expect(tensor?.andersonDarling?.pValue).toBeGreaterThan(1e-3);
      expect(tensor?.normality?.pValue).toBeGreaterThan(1e-3);
      const normal = tensor?.fits?.fits.find(({ law }) => law.name === 'normal');
      expect(normal?.deltaAic).toBeLessThan(8);
    }
    expect(bias).toMatchObject({
      spectrum: null,
      andersonDarling: null,
      fits: { kind: 'refused', code: 'constant' },
    });
    // Four units: too few eigenvalues for a bulk.
    expect(last?.spectrum).toBeNull();
  });

  it('finds the direction and the tails of trained ones', async () => {
    const tensors = await closeOf(trained, '--spectra');
    for (const name of ['layers.00.weight', 'layers.01.weight']) {
      const tensor = tensors.find((other) => other.name === name);
      expect(tensor?.spectrum?.spikes.length).toBeGreaterThanOrEqual(1);
      expect(tensor?.spectrum?.shuffle).toEqual({ shuffles: 19, pValue: 0.05 });
      expect(tensor?.andersonDarling).toBeNull();
      expect(tensor?.normality?.pValue).toBeLessThan(1e-3);
      expect(tensor?.fits?.fits[0]?.law.name).not.toBe('normal');
    }
  });

  it.each([80, 120])('fits a terminal of %i columns, and explains its columns', async (columns) => {
    const { code, stdout } = await runArguments(['inspect', trained, '--spectra'], columns);
    expect(code).toBe(0);
    for (const line of stdout.split('\n')) expect([...line].length).toBeLessThanOrEqual(columns);
    expect(stdout).toContain('Spectra');
    expect(stdout).toContain('Fits of laws');
    expect(stdout.replace(/\s+/g, ' ')).toContain('in 99 % of random matrices');
    expect((await runArguments(['inspect', trained], columns)).stdout).not.toContain('Spectra');
  });

  it('knows the identity, and leaves out what holds NaN', async () => {
    const path = join(folder, 'odd.safetensors');
    const identity = new Float32Array(400).map((_, i) => (i % 21 === 0 ? 1 : 0));
    const holes = drawDense('he-normal', 20, 20, 1);
    holes[7] = Number.NaN;
    const written = [
      tensorOfFloats('unit.weight', [20, 20], identity),
      tensorOfFloats('broken.weight', [20, 20], holes),
    ];
    writeFileSync(path, await collectBytes(writeSafetensors(written)));
    const tensors = await closeOf(path, '--spectra');
    const unit = tensors.find(({ name }) => name === 'unit.weight');
    expect(unit).toMatchObject({ fits: { code: 'few-values' } });
    expect(unit?.spectrum?.stableRank).toBeCloseTo(20, 10);
    expect(tensors.find(({ name }) => name === 'broken.weight')).toMatchObject({
      ...{ fits: { code: 'not-finite' }, spectrum: null, normality: null },
    });
    expect((await runArguments(['inspect', path, '--spectra'])).code).toBe(0);
  });

  it('takes kernels as inputs by units or units by inputs, parts of large ones, and nothing that is no matrix', () => {
    const sizesOf = (
      layout: TensorLayout | null,
      shape: readonly number[],
      role: TensorRole = 'conv-kernel',
    ) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const sampler = openKernelMatrix({ role, layout, shape, size });
      sampler?.add(new Float32Array(size));
      const part = sampler?.finish();
      return part === undefined ? null : [part.rows, part.columns, part.ofRows, part.ofColumns];
    };
    expect(sizesOf('in-out', [30, 20], 'dense-kernel')).toEqual([30, 20, 30, 20]);
    expect(sizesOf('OIHW', [12, 4, 3, 3])).toEqual([12, 36, 12, 36]);
    expect(sizesOf('HWIO', [3, 3, 4, 12])).toEqual([36, 12, 36, 12]);
    const [rows = 0, columns = 0, ...whole] = sizesOf('out-in', [1000, 1000], 'dense-kernel') ?? [];
    expect(whole).toEqual([1000, 1000]);
    expect(rows * columns * Math.min(rows, columns)).toBeLessThanOrEqual(2.5e8);
    expect(rows).toBeGreaterThan(600);
    expect(sizesOf('out-in', [1000, 9], 'dense-kernel')).toBeNull();
    expect(sizesOf('HWIM', [3, 3, 40, 1], 'depthwise-kernel')).toBeNull();
    expect(sizesOf(null, [30, 30], 'embedding')).toBeNull();
  });
});

describe('inspect --figures', () => {
  it('writes histogram, quantiles and spectrum of the tensors that were chosen, the same bytes each time', async () => {
    const out = join(folder, 'drawn', 'here');
    const { code, stderr } = await runArguments([
      'inspect',
      trained,
      '--tensor',
      'layers.00',
      '--figures',
      out,
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain(`4 figures in ${out}`);
    const names = readdirSync(out).sort();
    // The biases are all zero: no law to compare with, and no matrix.
    expect(names).toEqual([
      'layers-00-bias-histogram.svg',
      'layers-00-weight-histogram.svg',
      'layers-00-weight-quantiles.svg',
      'layers-00-weight-spectrum.svg',
    ]);
    const read = () => names.map((name) => readFileSync(join(out, name), 'utf8'));
    const before = read();
    for (const svg of before) expect(svg).toMatch(/^<svg[\s\S]*<\/svg>\n$/);
    expect(stderr).not.toContain('older');
    const again = await runArguments(['inspect', trained, '--tensor', 'layers.00', '--figures', out]);
    expect(read()).toEqual(before);
    // What was there is replaced, and that is said.
    expect(again.stderr).toContain(`4 figures in ${out}, 4 in place of older files`);
  });

  it('refuses what is no folder, and more tensors than anyone looks at', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'mine');
    const blocked = await runArguments(['inspect', fresh, '--figures', file]);
    expect(blocked.code).toBe(2);
    expect(blocked.stderr).toMatch(/--figures is ".*", which cannot be written \(ENOTDIR\)/);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await runArguments(['inspect', fresh, '--figures', ''])).stderr).toContain('--figures is empty');
    const many = await writeDenseSafetensors(join(folder, 'many.safetensors'), {
      widths: new Array<number>(53).fill(3),
      initializer: 'he-normal',
    });
    const refused = await runArguments(['inspect', many, '--figures', join(folder, 'none')]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      'the file has 104 tensors; expected at most 100 — choose some with --tensor',
    );
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
