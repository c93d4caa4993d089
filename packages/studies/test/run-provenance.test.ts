import { readFile } from 'node:fs/promises';
import { createEngine } from '@kindling/core';
import { describe, expect, it } from 'vitest';
import { packageVersion, provenanceOf } from '../src/provenance.js';
import { hashSpec, shortSpecHash } from '../src/spec/hash-spec.js';
import { fakeSpec } from './fake-study.js';

describe('provenance', () => {
  it('names the version of the package', async () => {
    const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    expect(packageVersion).toBe(manifest.version);
  });

  it('names the kernels by build and hash', () => {
    const engine = createEngine();
    expect(provenanceOf(engine)).toEqual({
      kernels: `strict-${engine.hash.slice(0, 16)}`,
      version: packageVersion,
    });
    expect(engine.hash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('hashSpec', () => {
  it('is the SHA-256 of the canonical JSON', () => {
    // printf '%s' '{"seed":1,"study":"x","version":1}' | sha256sum
    expect(hashSpec({ study: 'x', version: 1, seed: 1 })).toBe(
      'e72b30bea4de2343ccd1f525355358f82cd6113f6837882e8d903989aa81bb2a',
    );
  });

  it('depends on every field and not on their order', () => {
    const { seed, ...rest } = fakeSpec;
    expect(hashSpec({ ...rest, seed } as typeof fakeSpec)).toBe(hashSpec(fakeSpec));
    expect(hashSpec({ ...fakeSpec, seed: seed + 1 })).not.toBe(hashSpec(fakeSpec));
    expect(shortSpecHash(fakeSpec)).toBe(hashSpec(fakeSpec).slice(0, 16));
  });
});
