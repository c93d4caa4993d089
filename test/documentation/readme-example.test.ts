/**
 * The examples of the root's README run on the built packages and print what the README says. The packages' own READMEs
 * run in `packaging/`, on what npm installs.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText, root } from '../architecture/workspace.js';
import { examples, normalizeOutput } from './markdown.js';
import { runSuccessfully } from './run-command.js';

let folder = '';

beforeAll(async () => {
  if (!existsSync(join(root, 'packages/studies/dist/index.js'))) {
    throw new Error('readme-example: the packages are not built — run `pnpm build` first');
  }
  folder = await realpath(await mkdtemp(join(tmpdir(), 'kindling-readme-')));
  // This package depends on every other, so its node_modules is what a user of them all would have.
  await symlink(join(root, 'test/node_modules'), join(folder, 'node_modules'));
});

afterAll(async () => {
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

describe('README.md', () => {
  it('has an example with its output, and every example prints what is written', async () => {
    const found = examples(readText('README.md'), ['js', 'ts']);
    expect(found.some(({ output }) => output !== null)).toBe(true);
    for (const { block, output } of found) {
      const file = join(folder, `line-${block.line}.mjs`);
      await writeFile(file, block.code);
      const printed = await runSuccessfully(process.execPath, [file], folder);
      if (output !== null) {
        expect(normalizeOutput(printed), `README.md, line ${block.line}`).toBe(normalizeOutput(output));
      }
    }
  });
});
