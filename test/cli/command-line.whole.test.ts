/** What the command says when it is asked about itself or misused, and how it ends then. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/workspace.js';
import { plainEnvironment } from '../documentation/run-command.js';
import { emptyDirectory, kindlingBin, requireBuild, runKindling } from './run-kindling.js';

let folder = '';

beforeAll(async () => {
  requireBuild();
  folder = await emptyDirectory();
});

afterAll(async () => {
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

describe('the built command', () => {
  it('ends with the code of what happened', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'apps/cli/package.json'), 'utf8')) as {
      readonly version: string;
    };
    const asked = await runKindling(['--version'], folder);
    expect(asked).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
    const mistyped = await runKindling(['study', 'figure-1', '--inits', 'he-norml'], folder);
    expect(mistyped).toMatchObject({ code: 2, stdout: '' });
    expect(mistyped.stderr).toMatch(/^kindling: [^\n]*did you mean he-normal\?[^\n]*\n$/);
  });
});

describe('a working directory that was deleted', () => {
  it('is told in one line', () => {
    const { status, stdout, stderr } = spawnSync(
      'sh',
      ['-c', 'mkdir gone && cd gone && rmdir ../gone && exec "$NODE" "$BIN" list'],
      {
        cwd: folder,
        env: { ...plainEnvironment(), NODE: process.execPath, BIN: kindlingBin },
        encoding: 'utf8',
      },
    );
    expect(stderr).toMatch(/^kindling: the working directory cannot be used;[^\n]*\n$/);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });
});

describe('questions', () => {
  it('about what there is are answered', async () => {
    const { code, stdout } = await runKindling(['list'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}figure-1 {2}/m);
    expect(stdout).toContain('kindling initializers');
    expect(stdout).toMatch(/^ {2}embedded +1,500 \+ 500 images/m);
  });

  it('about the machine are answered, also as JSON', async () => {
    const { code, stdout } = await runKindling(['env', '--json'], folder);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      node: process.versions.node,
      v8: process.versions.v8,
      wasmSimd: true,
      kernels: { build: 'strict', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect((await runKindling(['env'], folder)).stdout).toContain(process.versions.node);
  });
});

describe('data', () => {
  const images = 'train-images-idx3-ubyte.gz';

  async function refusal(directory: string): Promise<string> {
    const args = ['study', 'figure-1', '--quick', '--data', directory, '--out', join(folder, 'out')];
    const { code, stdout, stderr } = await runKindling(args, folder);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^kindling: /);
    expect(stderr).not.toMatch(/^ {4}at /m);
    return stderr;
  }

  async function copyOfEmbedded(name: string): Promise<string> {
    const directory = join(folder, name);
    await cp(join(root, 'packages/trainer/embedded'), directory, { recursive: true });
    return directory;
  }

  it('that is missing is told with the file’s name', async () => {
    await mkdir(join(folder, 'empty'));
    expect(await refusal(join(folder, 'empty'))).toContain('train-images-idx3-ubyte');
    const incomplete = await copyOfEmbedded('incomplete');
    await rm(join(incomplete, images));
    expect(await refusal(incomplete)).toContain('train-images-idx3-ubyte');
  });

  it('that is damaged is told with the file’s name', async () => {
    const torn = await copyOfEmbedded('torn');
    await truncate(join(torn, images), 1000);
    expect(await refusal(torn)).toContain(join(torn, images));
    const garbage = await copyOfEmbedded('garbage');
    await writeFile(join(garbage, images), 'these are no images');
    expect(await refusal(garbage)).toContain(join(garbage, images));
  });

  it('errors have a stack when one is asked for', async () => {
    const args = [kindlingBin, 'study', 'figure-1', '--data', join(folder, 'empty')];
    const env = { ...plainEnvironment(), KINDLING_DEBUG: '1' };
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^ {4}at /m);
  });
});

describe('streams', () => {
  const shell = (line: string) =>
    spawnSync('sh', ['-c', line.replace('kindling', '"$NODE" "$BIN"')], {
      cwd: folder,
      env: { ...plainEnvironment(), NODE: process.execPath, BIN: kindlingBin },
      encoding: 'utf8',
    });

  it('that nobody reads any more are no error', () => {
    const { stderr } = shell('{ kindling study --help; echo "ended with $?" >&2; } | true');
    expect(stderr).toBe('ended with 0\n');
  });

  it('that cannot be written are one', () => {
    const { stderr } = shell('kindling --help > /dev/full; echo "ended with $?" >&2');
    expect(stderr).toMatch(/^kindling: stdout cannot be written: .*ENOSPC.*\nended with 1\n$/);
  });

  it('that are a terminal get a bar, and the terminal back as it was', ({ skip }) => {
    const found = spawnSync('script', ['--version'], { encoding: 'utf8' });
    if (found.status !== 0) skip('the program `script`, which makes a terminal, is not installed');
    const study =
      'study figure-1 --quick --data embedded --inits lecun-normal --depths 30 --trials 50 --runs 4';
    const line = `TERM=xterm script -qefc '"$NODE" "$BIN" ${study} --out terminal' /dev/null`;
    const { status, stdout } = shell(line);
    expect(status).toBe(0);
    expect(stdout).toContain('█');
    expect(stdout).toMatch(/\d+ of 54 trials/);
    // Cursor and line wrapping: each switched off is switched on again at last.
    for (const [off, on] of [
      ['\x1b[?25l', '\x1b[?25h'],
      ['\x1b[?7l', '\x1b[?7h'],
    ] as const) {
      expect(stdout).toContain(off);
      expect(stdout.lastIndexOf(on)).toBeGreaterThan(stdout.lastIndexOf(off));
    }
    expect(stdout.lastIndexOf('Report: ')).toBeGreaterThan(stdout.lastIndexOf('█'));
  });
});
