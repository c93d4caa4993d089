/** The module, its interface in TypeScript, its page of exports and its table of contracts speak of the same kernels. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { strictKernels } from '../src/generated/strict-kernels.js';
import { createEngine } from '../src/index.js';
import * as reference from '../src/reference/index.js';

function textOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

const interfaces = ['kernel-exports', 'convolution-exports']
  .map((file) => textOf(`../src/kernels/${file}.ts`))
  .join('\n');

const engine = createEngine();
const exported = Object.keys(engine.kernels).sort();
const bytes = Buffer.from(strictKernels.base64, 'base64');

describe('the kernels', () => {
  it('are those of KernelExports', () => {
    const declared = [...interfaces.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name);
    expect(declared.length).toBeGreaterThan(20);
    expect(exported).toEqual([...declared].sort());
  });

  it('take the number of arguments that KernelExports says', () => {
    // What many kernels take first stands once, as a tuple.
    const tuples = [...interfaces.matchAll(/type (\w+Arguments) = \[([^\]]*)\]/g)];
    expect(tuples.length).toBeGreaterThan(3);
    for (const [, name = '', written = ''] of interfaces.matchAll(/^ {2}(\w+)\(([^)]*)\)/gm)) {
      let parameters = written.replace(/\.{3}(?:product|all): /, '');
      for (const [, tuple = '', members = ''] of tuples) {
        parameters = parameters.replace(new RegExp(`(?:\\.{3})?\\b${tuple}\\b`), members);
      }
      const count = parameters.split(',').filter((parameter) => parameter.includes(':')).length;
      const kernel: unknown = Reflect.get(engine.kernels, name);
      expect(typeof kernel === 'function' && kernel.length, name).toBe(count);
    }
  });

  it('all stand in the table of contracts', () => {
    const table = textOf('../../../assembly/README.md');
    for (const name of exported) expect(table, name).toContain(`\`${name}\``);
  });

  it('all have a twin', () => {
    const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    // Where the twin has another name than the kernel.
    const twins: Readonly<Record<string, string>> = {
      exp_f64: 'exponential',
      log_f64: 'logarithm',
      sin_f64: 'sine',
      atan_f64: 'arcTangent',
      fill_words: 'drawWords',
      conv2d_bias: 'conv2d',
      conv2d_bias_relu: 'conv2d',
      sparse_nn_bias: 'sparseNn',
      sparse_nn_bias_relu: 'sparseNn',
    };
    const twinOf = (name: string) =>
      name.startsWith('sgemm_') ? 'gemm' : (twins[name] ?? camel(name.replace(/^fill_/, '')));
    const missing = exported.filter((name) => name !== 'memory_base' && !(twinOf(name) in reference));
    expect(missing).toEqual([]);
  });
});

describe('the module', () => {
  it('imports a memory and nothing else', () => {
    expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([
      { module: 'env', name: 'memory', kind: 'memory' },
    ]);
  });

  it('is the one its hash names', () => {
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(strictKernels.hash);
    expect([engine.hash, engine.build]).toEqual([strictKernels.hash, 'strict']);
  });

  it('uses no relaxed SIMD, whose bits are the engine’s choice', () => {
    // Relaxed instructions are 0xfd 0x80 0x02 and up (LEB128 of 0x100 …). No strict opcode has these bytes; a chance
    // meeting with an immediate would have to be told apart here.
    const found: number[] = [];
    for (let i = 0; i + 2 < bytes.length; i++) {
      if (bytes[i] === 0xfd && Number(bytes[i + 1]) >= 0x80 && bytes[i + 2] === 0x02) found.push(i);
    }
    expect(found).toEqual([]);
  });

  it('keeps its tables below memory_base, where the arena begins', () => {
    expect(engine.kernels.memory_base()).toBeGreaterThan(1024);
    expect(engine.arena.allocate(0)).toBeGreaterThanOrEqual(engine.kernels.memory_base());
  });

  it('shares nothing between engines', () => {
    const other = createEngine();
    const pointer = engine.arena.allocateFloats(4);
    engine.arena.floats(pointer, 4).fill(1);
    other.arena.floats(pointer, 4).fill(2);
    expect([...engine.arena.floats(pointer, 4)]).toEqual([1, 1, 1, 1]);
  });
});
