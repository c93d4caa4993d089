/** The flags that choose a build of the kernels. */
import { describe, expect, it } from 'vitest';
import { chooseKernels } from '../src/options/kernels-choice.js';

const node = Number(process.versions.node.split('.')[0]);

describe('--kernels', () => {
  it('is the strict build unless it says otherwise', async () => {
    expect(await chooseKernels({})).toBeNull();
    expect(await chooseKernels({ kernels: 'strict' })).toBeNull();
  });

  it('gives a relaxed build that this engine compiles', async () => {
    const kernels = await chooseKernels({ kernels: 'relaxed' });
    expect(kernels?.build).toBe('relaxed');
    expect(WebAssembly.validate(Buffer.from(kernels?.base64 ?? '', 'base64'))).toBe(true);
  });

  it('refuses other names, and says which there are', async () => {
    await expect(chooseKernels({ kernels: 'relax' })).rejects.toThrow(/--kernels is "relax"; .*relaxed/);
    await expect(chooseKernels({ kernels: '' })).rejects.toThrow('--kernels');
  });
});

describe.skipIf(node >= 24)('--wide-simd on an engine that has none', () => {
  it('is refused with the version it needs', async () => {
    await expect(chooseKernels({ wideSimd: true })).rejects.toThrow(
      /--wide-simd needs Node 24 or newer; this is Node/,
    );
  });
});
