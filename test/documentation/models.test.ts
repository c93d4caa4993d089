/** docs/models.md: its script makes the model it speaks of, and every command prints what is written. */
import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readText, root } from '../architecture/workspace.js';
import { codeBlocks, examples, normalizeOutput } from './markdown.js';
import { runSuccessfully } from './run-command.js';

const document = readText('docs/models.md');
let folder = '';

beforeAll(async () => {
  if (!existsSync(join(root, 'apps/cli/dist/main.js'))) {
    throw new Error('models: the command is not built — run `pnpm build` first');
  }
  folder = await realpath(await mkdtemp(join(tmpdir(), 'kindling-models-')));
  await symlink(join(root, 'test/node_modules'), join(folder, 'node_modules'));
});

afterAll(async () => {
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

it('prints what is written', async () => {
  const [script] = codeBlocks(document).filter(({ language }) => language === 'js');
  await writeFile(join(folder, 'stock.mjs'), script?.code ?? '');
  await runSuccessfully(process.execPath, [join(folder, 'stock.mjs')], folder);
  const commands = examples(document, ['sh']);
  expect(commands.map(({ block }) => block.code.split(' ')[1])).toEqual(['inspect', 'diagnose', 'repair']);
  for (const { block, output } of commands) {
    const [, ...words] = block.code.trim().split(' ');
    const command = [join(root, 'apps/cli/bin/kindling.js'), ...words];
    const printed = await runSuccessfully(process.execPath, command, folder);
    expect(normalizeOutput(printed), `line ${block.line}`).toBe(normalizeOutput(output ?? ''));
  }
});
