/**
 * Each package as npm gets it: what its archive holds, what publint and are-the-types-wrong say to it, and that an empty
 * project that installs all of them can import, run and type-check what the READMEs show.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path/posix';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listPublishedPackages, root } from '../architecture/workspace.js';
import { type Example, examples, normalizeOutput } from '../documentation/markdown.js';
import { runCommand, runSuccessfully } from '../documentation/run-command.js';
import { type Installation, installPackages, type PackedPackage, readPacked } from './packed-packages.js';

const require = createRequire(import.meta.url);
const published = listPublishedPackages();
const names = published.map(({ manifest }) => manifest.name);
// A package that is only a command exports no code, so there are no types to judge.
const typed = published.filter(({ manifest }) => manifest.exports?.['.'] !== undefined);

let installation: Installation | null = null;

beforeAll(async () => {
  installation = await installPackages();
});

afterAll(async () => {
  await installation?.remove();
});

function installed(): Installation {
  if (installation === null) throw new Error('packages: nothing is installed');
  return installation;
}

function packed(name: string): PackedPackage {
  const found = installed().packages.find(({ manifest }) => manifest.name === name);
  if (found === undefined) throw new Error(`packages: ${name} is not packed`);
  return found;
}

/** The subpaths of a package that hold code, as import specifiers. */
function entries({ manifest }: PackedPackage): readonly string[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target !== 'string')
    .map(([subpath]) => `${manifest.name}${subpath.slice(1)}`);
}

describe.each(names)('%s', (name) => {
  it('packs its code, its licence and nothing of this machine', async () => {
    const { files, manifest } = packed(name);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(files.some((file) => file.startsWith('dist/') && file.endsWith('.js'))).toBe(true);
    const unwanted =
      /(^|\/)(tests?|__tests__|node_modules|bench)\/|\.(test|bench)\.|tsbuildinfo|tsconfig|\.tgz$|\.env/;
    expect(files.filter((file) => unwanted.test(file))).toEqual([]);
    expect(JSON.stringify(manifest.dependencies ?? {})).not.toMatch(/workspace:|file:|link:/);

    const traces: string[] = [];
    for (const file of files) {
      const text = await readPacked(packed(name), file);
      for (const path of [root, tmpdir(), homedir()]) {
        if (text?.includes(`${path}/`)) traces.push(`${file} names ${path}`);
      }
      if (text !== null && /\bregistry\.[\w-]+\.[a-z]{2,}/.test(text))
        traces.push(`${file} names a registry`);
    }
    expect(traces).toEqual([]);
  });

  it('packs the sources its maps point to', async () => {
    const { files } = packed(name);
    const missing: string[] = [];
    for (const file of files.filter((candidate) => /\.(js|d\.ts)\.map$/.test(candidate))) {
      const map = JSON.parse((await readPacked(packed(name), file)) ?? '{}') as {
        readonly sources?: readonly string[];
      };
      for (const source of map.sources ?? []) {
        if (!files.includes(normalize(join(dirname(file), source)))) missing.push(`${file}: ${source}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('satisfies publint', async () => {
    const bytes = await readFile(packed(name).archive);
    const tarball = new Uint8Array(bytes).buffer;
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true, level: 'suggestion' });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('runs the examples of its README', async () => {
    const readme = await readPacked(packed(name), 'README.md');
    const isCommand = entries(packed(name)).length === 0;
    const found = examples(readme ?? '', isCommand ? ['sh', 'console'] : ['js', 'ts']);
    // Commands are run by one that shows how; of code, every example that says what it prints.
    const [first] = found;
    if (first === undefined) {
      throw new Error(`${name}: README.md has no example; expected a ${isCommand ? 'sh' : 'js or ts'} block`);
    }
    const others = isCommand ? [] : found.slice(1).filter(({ output }) => output !== null);
    for (const example of [first, ...others]) {
      const printed = isCommand ? await runShell(example) : await runModule(name, example);
      if (example.output !== null) expect(normalizeOutput(printed)).toBe(normalizeOutput(example.output));
    }
  });
});

async function runModule(name: string, { block }: Example): Promise<string> {
  const file = `readme-of${name.replace(/\W+/g, '-')}.mjs`;
  await writeFile(join(installed().project, file), block.code);
  return runSuccessfully(process.execPath, [file], installed().project);
}

/** Runs the lines of a shell block; `$ ` before a command is the prompt. */
async function runShell({ block }: Example): Promise<string> {
  const script = block.code.replace(/^\$ /gm, '');
  const path = 'PATH="$PWD/node_modules/.bin:$PATH"';
  return runSuccessfully('sh', ['-c', `set -e; ${path}\n${script}`], installed().project, 170_000);
}

it.each(typed.map(({ manifest }) => manifest.name))('%s satisfies are-the-types-wrong', async (name) => {
  const attw = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js');
  const { archive } = packed(name);
  const args = [attw, archive, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'];
  const { code, stdout, stderr } = await runCommand(process.execPath, args, installed().project);
  expect(code, `${stdout}${stderr}`).toBe(0);
});

describe('an empty project with every package', () => {
  const bin = () => join(installed().project, 'node_modules/.bin/kindling');

  it('runs kindling --version', async () => {
    const printed = await runSuccessfully(bin(), ['--version'], installed().project);
    expect(printed).toContain(packed('kindling').manifest.version);
  });

  it('runs kindling --help', async () => {
    const printed = await runSuccessfully(bin(), ['--help'], installed().project);
    expect(printed).toMatch(/usage/i);
    expect(printed).toContain('study');
  });

  it('holds one copy of each package', async () => {
    const listed = await runSuccessfully('npm', ['ls', '--all', '--parseable'], installed().project);
    const folders = listed
      .split('\n')
      .filter((line) => /node_modules\/(@kindling\/\w+|kindling)$/.test(line));
    expect(folders).toHaveLength(names.length);
  });

  it('imports every entry', async () => {
    const specifiers = installed().packages.flatMap(entries);
    expect(specifiers.length).toBeGreaterThan(0);
    const code = `for (const specifier of ${JSON.stringify(specifiers)}) {
  const names = Object.keys(await import(specifier));
  console.log(specifier + ' ' + names.length);
}\n`;
    await writeFile(join(installed().project, 'import-all.mjs'), code);
    const printed = await runSuccessfully(process.execPath, ['import-all.mjs'], installed().project);
    const lines = printed.trim().split('\n');
    expect(lines).toHaveLength(specifiers.length);
    expect(lines.filter((line) => line.endsWith(' 0'))).toEqual([]);
  });

  it('type-checks, the declarations of the packages included', async () => {
    const { project, packages } = installed();
    const specifiers = packages.flatMap(entries);
    // `IsAny` would let an entry without types pass.
    const code = [
      'type IsAny<T> = 0 extends 1 & T ? true : false;',
      'type HasNames<T> = IsAny<T> extends true ? false : keyof T extends never ? false : true;',
      ...specifiers.map((specifier, i) => `import * as entry${i} from '${specifier}';`),
      ...specifiers.map((_, i) => `export const check${i}: HasNames<typeof entry${i}> = true;`),
    ].join('\n');
    await writeFile(join(project, 'consumer.ts'), `${code}\n`);
    const compilerOptions = {
      target: 'ES2023',
      module: 'nodenext',
      lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      skipLibCheck: false,
      noEmit: true,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    };
    await writeFile(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['consumer.ts'] }),
    );
    const tsc = require.resolve('typescript/bin/tsc');
    const { code: exit, stdout } = await runCommand(
      process.execPath,
      [tsc, '-p', project, '--pretty', 'false'],
      project,
    );
    // The declarations of TensorFlow.js 4.22 contradict themselves and each other, whoever imports them. A line that is
    // indented belongs to the one before.
    const foreign = /^(?:\s|$|node_modules\/@tensorflow\/)/;
    expect(stdout.split('\n').filter((line) => !foreign.test(line))).toEqual([]);
    expect(stdout === '' ? [0] : [1, 2]).toContain(exit);
  });
});
