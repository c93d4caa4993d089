/** `kindling inspect`, `diagnose FILE` and `repair` on files that Kindling wrote itself. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectBytes, tensorOfFloats, writeSafetensors } from '@kindling/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawDense, emptyFolder, npyFile, writeDenseSafetensors, writeDenseTfjs } from './model-fixtures.js';
import { runArguments } from './run-command.js';

const deep = [20, ...new Array<number>(50).fill(40), 4];
const shallow = [20, 40, 40, 4];
let folder = '';
let stock = '';
let fresh = '';

beforeAll(async () => {
  folder = await emptyFolder();
  stock = await writeDenseTfjs(folder, 'stock', { widths: deep, initializer: 'tfjs:dense' });
  fresh = await writeDenseTfjs(folder, 'fresh', { widths: shallow, initializer: 'he-normal' });
});

async function jsonOf(...argv: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runArguments([...argv, '--json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('kindling inspect', () => {
  it('tells every tensor, its moments and its law', async () => {
    const answer = await jsonOf('inspect', fresh);
    expect(answer).toMatchObject({ format: 'tfjs-layers', producer: 'TensorFlow.js tfjs-layers v4.22.0' });
    const tensors = answer['tensors'] as Record<string, unknown>[];
    expect(tensors).toHaveLength(6);
    expect(tensors[2]).toMatchObject({
      ...{ name: 'dense_1/kernel', shape: [40, 40], role: 'dense-kernel', fanIn: 40, fanOut: 40 },
      ...{ count: 1600, zeros: 0, nans: 0, infinities: 0 },
      law: { kind: 'catalog', names: expect.arrayContaining(['he-normal']) },
    });
    const ratio = tensors[2]?.['varianceTimesFanIn'] as number;
    // A variance of 1600 normal numbers is known to √(2/1600) of itself.
    expect(Math.abs(ratio - 2)).toBeLessThan(4 * 2 * Math.sqrt(2 / 1600));
    expect(tensors[3]).toMatchObject({ law: { kind: 'constant', value: 0 }, zeros: 40, fanIn: null });
    // 0.01 over the three kernels and the two biases of 40.
    expect(answer['tests']).toMatchObject({ level: 0.01 / 5, familyLevel: 0.01 });
  });

  it.each([80, 120])('fits a terminal of %i columns', async (columns) => {
    for (const file of [stock, fresh]) {
      const { stdout, code } = await runArguments(['inspect', file], columns);
      expect(code).toBe(0);
      for (const line of stdout.split('\n')) expect([...line].length).toBeLessThanOrEqual(columns);
      expect(stdout).toContain('fresh weights');
    }
  });

  it('puts alike tensors of deep nets in one row, and shows those that are asked for', async () => {
    const all = await runArguments(['inspect', stock], 120);
    expect(all.stdout).toMatch(/dense_1\/kernel and 48\s/);
    const some = await runArguments(['inspect', stock, '--tensor', 'dense_1*kernel'], 120);
    expect(some.stdout).toContain('dense_19/kernel');
    expect(some.stdout).not.toContain('dense_2/kernel');
    const part = (await jsonOf('inspect', stock, '--tensor', '_50/'))['tensors'] as unknown[];
    expect(part).toHaveLength(2);
  });

  it('names trained weights so, and counts NaN and infinities', async () => {
    const trained = await writeDenseSafetensors(join(folder, 'trained.safetensors'), {
      ...{ widths: [60, 60, 60], initializer: 'he-normal' },
      change: (weights, layer) =>
        weights.map((w, i) =>
          layer === 1 && i < 3 ? ([Number.NaN, 1 / 0, -1 / 0][i] ?? 0) : i % 60 < 5 ? w + 0.6 : w,
        ),
    });
    const { tensors } = (await jsonOf('inspect', trained)) as { tensors: Record<string, unknown>[] };
    const laws = tensors.filter(({ role }) => role === 'dense-kernel').map(({ law }) => law);
    expect(laws).toMatchObject([{ kind: 'unknown' }, { kind: 'untested', reason: 'not-finite' }]);
    const { stdout } = await runArguments(['inspect', trained], 80);
    expect(stdout).toContain('trained / no known law');
    expect(stdout).toContain('layers.01.weight: 1 NaN and 2 infinite of 3,600 numbers.');
  });
});

describe('kindling diagnose on a file', () => {
  it('passes inputs forward and backward and names the layers and the cause', async () => {
    const answer = await jsonOf('diagnose', stock);
    expect(answer).toMatchObject({ verdict: 'fm1-vanishing', method: 'passes', batch: 64 });
    const kernels = answer['kernels'] as { wrong: boolean; cause: string; beforeRelu: boolean }[];
    expect(kernels.filter(({ wrong }) => wrong)).toHaveLength(50);
    expect(new Set(kernels.map(({ cause }) => cause))).toEqual(
      new Set(['TensorFlow.js dense: Glorot truncated at 2σ, variance not restored']),
    );
    // Square layers deliver 0.387 of critical; a typical net of width 40 a little less.
    expect(answer['lengthFactor']).toBeGreaterThan(0.387 * 0.85);
    expect(answer['lengthFactor']).toBeLessThan(0.387 * 1.1);
    expect(answer['remedies']).toMatchObject([
      { change: 'he-normal', starts: true },
      { change: 'scale-only', starts: true },
    ]);
  });

  it('is the same at every run, and another one with another seed', async () => {
    const [a, b] = [await jsonOf('diagnose', stock), await jsonOf('diagnose', stock)];
    expect(a).toEqual(b);
    expect((await jsonOf('diagnose', stock, '--seed', '2'))['lengthDecades']).not.toBe(a['lengthDecades']);
  });

  it.each([80, 120])('fits a terminal of %i columns', async (columns) => {
    const { stdout } = await runArguments(['diagnose', stock], columns);
    for (const line of stdout.split('\n')) {
      // A command to copy is not broken, however long its path.
      if (!line.includes('$ kindling') && !line.includes(folder)) {
        expect([...line].length).toBeLessThanOrEqual(columns);
      }
    }
    expect(stdout).toContain('Which layers are wrong');
    expect(stdout).toContain('--scale-only');
  });

  it('takes rows of a NumPy file', async () => {
    const data = join(folder, 'rows.npy');
    writeFileSync(data, npyFile([7, 20], drawDense('normal', 7, 20, 3)));
    expect(await jsonOf('diagnose', fresh, '--data', data)).toMatchObject({ batch: 7, verdict: 'starts' });
  });

  it('without a graph judges the weights, and says what it cannot know', async () => {
    const file = await writeDenseSafetensors(join(folder, 'deep.safetensors'), {
      ...{ widths: deep, initializer: 'pytorch:linear' },
    });
    const answer = await jsonOf('diagnose', file);
    expect(answer).toMatchObject({ method: 'weights', verdict: 'fm1-vanishing' });
    expect(answer['lengthFactor']).toBeCloseTo(1 / 6, 2);
    const { stdout } = await runArguments(['diagnose', file], 80);
    expect(stdout).toContain('not known: by the weights alone');
    expect(stdout).toContain('Only the weights are known.');
  });

  it('has the exit codes of diagnose', async () => {
    expect((await runArguments(['diagnose', stock, '--fail-on-verdict'])).code).toBe(3);
    expect((await runArguments(['diagnose', fresh, '--fail-on-verdict'])).code).toBe(0);
  });
});

describe('kindling repair', () => {
  it('writes the same format, and what it wrote starts', async () => {
    const out = join(folder, 'repaired');
    const answer = await jsonOf('repair', stock, '--out', out);
    expect(answer).toMatchObject({
      ...{ format: 'tfjs', sameFormat: true, change: 'redraw', initializer: 'he-normal', left: 0 },
      ...{ before: { verdict: 'fm1-vanishing' }, after: { verdict: 'starts' } },
    });
    expect(answer['changed']).toHaveLength(51);
    expect(answer['zeroed']).toHaveLength(51);
    expect(readdirSync(out).sort()).toEqual(['group1-shard1of1.bin', 'model.json']);
    expect(await jsonOf('diagnose', out)).toMatchObject({ verdict: 'starts' });
    const laws = ((await jsonOf('inspect', out, '--tensor', '*kernel'))['tensors'] as { law: unknown }[]).map(
      ({ law }) => law,
    );
    for (const law of laws) expect(law).toMatchObject({ kind: 'catalog', shape: 'normal' });
  });

  it('gives the same bytes for the same seed', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(folder, `${name}.safetensors`));
    const file = await writeDenseSafetensors(join(folder, 'same.safetensors'), {
      ...{ widths: shallow, initializer: 'lecun-normal' },
    });
    for (const [out, seed] of [
      [a, '4'],
      [b, '4'],
      [c, '5'],
    ] as const) {
      await jsonOf('repair', file, '--out', out ?? '', '--seed', seed);
    }
    expect(readFileSync(a ?? '').equals(readFileSync(b ?? ''))).toBe(true);
    expect(readFileSync(a ?? '').equals(readFileSync(c ?? ''))).toBe(false);
  });

  it('rescales, and leaves biases and normalization as they are', async () => {
    const gamma = tensorOfFloats('norm.weight', [40], new Float32Array(40).fill(1.5));
    const beta = tensorOfFloats('norm.bias', [40], new Float32Array(40).fill(0.25));
    const file = await writeDenseSafetensors(
      join(folder, 'normalized.safetensors'),
      { widths: shallow, initializer: 'lecun-uniform' },
      [gamma, beta],
    );
    const out = join(folder, 'rescaled.safetensors');
    const answer = await jsonOf('repair', file, '--out', out, '--scale-only');
    expect(answer).toMatchObject({ change: 'scale-only', zeroed: [] });
    expect(answer['changed']).toHaveLength(3);
    const { tensors } = (await jsonOf('inspect', out)) as { tensors: Record<string, unknown>[] };
    for (const { role, variance, mean, fanIn } of tensors) {
      if (role !== 'dense-kernel') continue;
      expect(((variance as number) + (mean as number) ** 2) * (fanIn as number)).toBeCloseTo(2, 5);
    }
    expect(tensors.find(({ name }) => name === 'norm.weight')).toMatchObject({ mean: 1.5, variance: 0 });
    expect(tensors.find(({ name }) => name === 'norm.bias')).toMatchObject({ mean: 0.25, variance: 0 });
    const redrawn = join(folder, 'redrawn.safetensors');
    await jsonOf('repair', file, '--out', redrawn);
    const after = (await jsonOf('inspect', redrawn)) as { tensors: Record<string, unknown>[] };
    expect(after.tensors.find(({ name }) => name === 'norm.weight')).toMatchObject({ mean: 1.5 });
    expect(after.tensors.find(({ name }) => name === 'norm.bias')).toMatchObject({ mean: 0.25 });
  });

  it('repairs NaN by drawing anew, and replaces a file only with --force', async () => {
    const broken = await writeDenseTfjs(folder, 'broken', {
      ...{ widths: shallow, initializer: 'he-normal' },
      change: (weights) => weights.map((w, i) => (i === 0 ? Number.NaN : w)),
    });
    const out = join(folder, 'whole');
    expect(await jsonOf('repair', broken, '--out', out)).toMatchObject({
      before: null,
      after: { verdict: 'starts' },
    });
    const before = readFileSync(join(out, 'group1-shard1of1.bin'));
    expect((await runArguments(['repair', broken, '--out', out, '--seed', '9'])).code).toBe(2);
    expect(readFileSync(join(out, 'group1-shard1of1.bin')).equals(before)).toBe(true);
    await jsonOf('repair', broken, '--out', out, '--seed', '9', '--force');
    expect(readFileSync(join(out, 'group1-shard1of1.bin')).equals(before)).toBe(false);
    expect(readdirSync(out)).toHaveLength(2);
  });

  it('tells before and after at 80 columns', async () => {
    const { stdout } = await runArguments(['repair', stock, '--out', join(folder, 'shown')], 80);
    expect(stdout).toContain('Before and after');
    expect(stdout).toMatch(/verdict +fm1-vanishing +starts/);
  });
});

describe('names that would rewrite a terminal', () => {
  const control = /[^\n\P{Cc}]|\p{Cf}|\p{Zl}|\p{Zp}/u;

  it('do not reach it, in text, JSON or errors', async () => {
    const name = (index: number) => `\u001b[2J\u009b1A\u202e\r\nlayer${'y'.repeat(300)}${index}.weight`;
    const weights = [0, 1, 2].map((index) =>
      tensorOfFloats(name(index), [30, 30], drawDense('pytorch:linear', 30, 30, index)),
    );
    const broken = tensorOfFloats(name(3), [30, 30], new Float32Array(900).fill(Number.NaN));
    const [good, bad] = ['hostile', 'hostile-nan'].map((file) =>
      join(folder, `${file}\u001b[2J.safetensors`),
    );
    writeFileSync(good ?? '', await collectBytes(writeSafetensors(weights, { format: '\u001b[2J' })));
    writeFileSync(bad ?? '', await collectBytes(writeSafetensors([...weights, broken])));
    const out = join(folder, 'out\u001b[2J.safetensors');
    for (const file of [good ?? '', bad ?? '']) {
      for (const line of [['inspect'], ['diagnose'], ['repair', '--out', out, '--force'], ['bits']]) {
        const [command = '', ...flags] = line;
        for (const more of [[], ['--json']]) {
          const { stdout, stderr } = await runArguments([command, file, ...flags, ...more], 100);
          expect(stdout + stderr).not.toMatch(control);
          expect(stdout + stderr).not.toBe('');
          if (more.length > 0 && command === 'inspect') {
            const { tensors } = JSON.parse(stdout) as { tensors: { name: string }[] };
            expect(tensors.map((tensor) => tensor.name)).toContain(name(2));
          }
        }
      }
    }
    const { stderr } = await runArguments(['inspect', good ?? '', '--tensor', '\u001b[2Jnone']);
    expect(stderr).toMatch(/no tensor/);
    expect(stderr).not.toMatch(control);
  });
});

describe('laws of whole matrices', () => {
  it('are told by name, in both orders of axes and in half precision', async () => {
    const draw = (name: string) => drawDense(name, 40, 40, 5);
    const tensors = ['orthogonal', 'identity', 'sparse', 'he-rademacher'].map((name) =>
      tensorOfFloats(`${name}.weight`, [40, 40], draw(name)),
    );
    tensors.push(tensorOfFloats('half.weight', [40, 40], draw('orthogonal'), 'f16'));
    const file = join(folder, 'structures.safetensors');
    writeFileSync(file, await collectBytes(writeSafetensors(tensors)));
    const answer = (await jsonOf('inspect', file)) as {
      tensors: { name: string; law: { names?: string[] } }[];
    };
    const names = Object.fromEntries(answer.tensors.map(({ name, law }) => [name, law.names]));
    expect(names).toEqual({
      ...Object.fromEntries(
        ['orthogonal', 'identity', 'sparse', 'he-rademacher'].map((name) => [`${name}.weight`, [name]]),
      ),
      'half.weight': ['orthogonal'],
    });
    const { stdout } = await runArguments(['inspect', file], 100);
    expect(stdout).toMatch(/5\s+weight\s+matrices,\s+each\s+of\s+a\s+law\s+that\s+is\s+known/);
    expect(stdout).toMatch(/orthogonal, gain 1 /);
    expect(stdout).toMatch(/sparse, 36 zeros an input/);
    expect((await runArguments(['diagnose', file])).stdout).toContain('orthogonal, gain 1');
  });
});
