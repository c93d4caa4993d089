/** Files and flags that cannot be: one clear line, exit 2 where the command line is at fault and 1 where the file is, and nothing written. */
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { collectBytes, tensorOfFloats, writeSafetensors } from '@kindling/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { everyFormat } from '../../../packages/models/test/every-format.js';
import { emptyFolder, npyFile, writeDenseSafetensors, writeDenseTfjs } from './model-fixtures.js';
import { runArguments } from './run-command.js';

const widths = [12, 16, 16, 3];
let folder = '';

/** Files by name, made once. */
beforeAll(async () => {
  folder = await emptyFolder();
  const at = (name: string) => join(folder, name);
  const good = { widths, initializer: 'he-normal' };
  await writeDenseTfjs(folder, 'tfjs', good);
  await writeDenseTfjs(folder, 'open', { ...good, input: [null] });
  await writeDenseTfjs(folder, 'no-shard', good);
  writeFileSync(at('no-shard/weights.bin'), new Uint8Array(7));
  const broken = (weights: Float32Array, bad: number) => weights.map((w, i) => (i === 5 ? bad : w));
  await writeDenseTfjs(folder, 'nan', { ...good, change: (weights) => broken(weights, Number.NaN) });
  await writeDenseSafetensors(at('good.safetensors'), good);
  await writeDenseSafetensors(at('inf.safetensors'), {
    ...good,
    change: (weights) => broken(weights, 1 / 0),
  });
  await writeDenseSafetensors(at('zero.safetensors'), { ...good, change: (weights) => weights.fill(0) });
  const bytes = readFileSync(at('good.safetensors'));
  writeFileSync(at('cut.safetensors'), bytes.subarray(0, bytes.length - 40));
  writeFileSync(at('cut-header.safetensors'), bytes.subarray(0, 60));
  writeFileSync(
    at('forged.safetensors'),
    Buffer.concat([Buffer.from([255, 255, 255, 255, 255, 255, 0, 0]), bytes.subarray(8)]),
  );
  writeFileSync(at('empty.safetensors'), '');
  writeFileSync(at('notes.txt'), 'no model at all\n');
  writeFileSync(at('bare.pt'), Uint8Array.of(0x80, 0x02, 0x7d, 0x71, 0x00, 0x2e));
  writeFileSync(at('bad.json'), '{"modelTopology": ');
  writeFileSync(at('other.json'), '{"name": "a package", "version": "1.0.0"}');
  const biases = [tensorOfFloats('a.bias', [4], new Float32Array(4))];
  writeFileSync(at('biases.safetensors'), await collectBytes(writeSafetensors(biases)));
  mkdirSync(at('nothing'));
  mkdirSync(at('two'));
  copyFileSync(at('good.safetensors'), at('two/a.safetensors'));
  copyFileSync(at('good.safetensors'), at('two/b.safetensors'));
  symlinkSync(at('nowhere'), at('dangling'));
  symlinkSync(at('good.safetensors'), at('link.safetensors'));
  symlinkSync(at('loop'), at('loop'));
  linkSync(at('good.safetensors'), at('hard.safetensors'));
  mkdirSync(at('below'));
  symlinkSync(at('tfjs'), at('tfjs-link'));
  linkSync(at('tfjs/weights.bin'), at('below/group1-shard1of1.bin'));
  const { weights } = await everyFormat([
    { fanIn: 12, units: 8, kernel: new Float32Array(96).fill(0.1), bias: new Float32Array(8) },
    { fanIn: 8, units: 3, kernel: new Float32Array(24).fill(0.1), bias: new Float32Array(3) },
  ]);
  for (const [name, content] of Object.entries(weights['safetensors-index'])) {
    mkdirSync(at('shards'), { recursive: true });
    writeFileSync(at(`shards/${name}`), content);
  }
  writeFileSync(at('wrong.npy'), npyFile([5, 7], new Float32Array(35).fill(1)));
  writeFileSync(at('nan.npy'), npyFile([5, 12], new Float32Array(60).fill(Number.NaN)));
  writeFileSync(at('zeros.npy'), npyFile([5, 12], new Float32Array(60)));
  writeFileSync(at('broken.npy'), 'not an array');
  writeFileSync(at('there.safetensors'), 'mine');
});

const usage = 2;
const failed = 1;

/** What is typed (`@` is the folder), how it ends, and what the line says. */
const cases: readonly (readonly [line: string, code: number, says: RegExp])[] = [
  // inspect
  ['inspect', usage, /missing required argument 'file'/],
  ['inspect @/missing.safetensors', usage, /does not exist; expected a model/],
  ['inspect @/notes.txt/deeper', usage, /does not exist/],
  ['inspect @/dangling', usage, /does not exist/],
  ['inspect @/loop', usage, /cannot be read \(ELOOP\)/],
  ['inspect @/nothing', failed, /holds no model/],
  ['inspect @/two', failed, /a\.safetensors, b\.safetensors; expected one model — name the file/],
  ['inspect @/empty.safetensors', usage, /an empty file/],
  ['inspect /dev/null', usage, /neither a file nor a folder/],
  ['inspect @/notes.txt', failed, /of no known format/],
  [
    'inspect @/bare.pt',
    failed,
    /Python pickle.*safetensors\.torch\.save_file\(model\.state_dict\(\), "model\.safetensors"\)/,
  ],
  ['inspect @/bad.json', failed, /JSON/],
  ['inspect @/other.json', failed, /expected/],
  ['inspect @/cut.safetensors', failed, /cut\.safetensors/],
  ['inspect @/cut-header.safetensors', failed, /cut-header\.safetensors/],
  ['inspect @/forged.safetensors', failed, /forged\.safetensors/],
  ['inspect @/no-shard', failed, /weights\.bin|bytes/],
  ['inspect @/tfjs --tensor nope', usage, /--tensor: there is no tensor "nope"/],
  ['inspect @/tfjs --tensor dense_0/kernal', usage, /did you mean dense_0\/kernel/],
  ['inspect @/tfjs @/open', usage, /too many arguments/],
  ['inspect @/tfjs --tensor a --tensor b', usage, /given twice/],
  ['inspect @/tfjs --data mnist', usage, /unknown option/],
  // diagnose
  ['diagnose @/missing', usage, /does not exist/],
  ['diagnose @/bare.pt', failed, /expected safetensors — convert it/],
  ['diagnose @/nan', failed, /"dense_0\/kernel" holds 1 NaN of [\d,]+ numbers, and 2 other tensors/],
  ['diagnose @/inf.safetensors', failed, /holds 1 infinite of 192 numbers/],
  ['diagnose @/biases.safetensors', failed, /no weight matrices/],
  ['diagnose @/good.safetensors --data mnist', usage, /--data needs a network/],
  ['diagnose @/tfjs --widths 12,16', usage, /--widths does not go with FILE/],
  ['diagnose @/tfjs --init he-normal', usage, /--init does not go with FILE/],
  ['diagnose @/tfjs --outputs 3', usage, /--outputs does not go with FILE/],
  ['diagnose @/tfjs --arch net.json', usage, /--arch does not go with FILE/],
  ['diagnose @/tfjs --input-shape 13', usage, /--input-shape: the input is given as 13; the file expects 12/],
  ['diagnose @/tfjs --input-shape 28x28x1', usage, /--input-shape: the input is given as 28 × 28 × 1/],
  ['diagnose @/tfjs --input-shape 28x28', usage, /expected a number of inputs/],
  ['diagnose @/tfjs --input-shape 0', usage, /expected a number of inputs/],
  ['diagnose @/tfjs --input-shape -3', usage, /expected a number of inputs|unknown option/],
  ['diagnose @/open --input-shape 99999x99999x9', usage, /expected a number of inputs/],
  ['diagnose @/open --input-shape 11', failed, /dense_0\/kernel/],
  [
    'diagnose --input-shape 12 --widths 12,16 --init he-normal',
    usage,
    /--input-shape goes with a model file/,
  ],
  ['diagnose @/tfjs --data mnist', usage, /the model reads 12; expected 784/],
  ['diagnose @/tfjs --data @/nothing', usage, /holds no idx files/],
  ['diagnose @/tfjs --data nope', usage, /no data set or directory/],
  ['diagnose @/tfjs --data @/gone.npy', usage, /which is no file/],
  [
    'diagnose @/tfjs --data @/wrong.npy',
    usage,
    /whose array is 5 × 7; expected an array with an input of 12 a row/,
  ],
  ['diagnose @/tfjs --data @/nan.npy', usage, /NaN or infinite/],
  ['diagnose @/tfjs --data @/zeros.npy', usage, /zero everywhere/],
  ['diagnose @/tfjs --data @/broken.npy', usage, /cannot be read/],
  ['diagnose @/tfjs --seed x', usage, /--seed/],
  // repair
  ['repair @/good.safetensors', usage, /--out is missing/],
  ['repair --out @/x.safetensors', usage, /missing required argument/],
  ['repair @/missing --out @/x.safetensors', usage, /does not exist/],
  ['repair @/bare.pt --out @/x.safetensors', failed, /convert it in Python/],
  ['repair @/good.safetensors --out @/good.safetensors', usage, /the model itself/],
  ['repair @/good.safetensors --out @/good.safetensors --force', usage, /the model itself/],
  ['repair @/good.safetensors --out @/link.safetensors --force', usage, /the model itself/],
  ['repair @/link.safetensors --out @/good.safetensors --force', usage, /the model itself/],
  ['repair @/good.safetensors --out @/hard.safetensors --force', usage, /the model itself/],
  ['repair @/good.safetensors --out @/below/../good.safetensors --force', usage, /the model itself/],
  ['repair @/below/../link.safetensors --out @/hard.safetensors --force', usage, /the model itself/],
  ['repair @/tfjs-link --out @/tfjs --force', usage, /in the folder of the model itself/],
  ['repair @/tfjs --out @/tfjs-link/new.json', usage, /in the folder of the model itself/],
  ['repair @/tfjs --out @/below --force', usage, /a file of the model itself/],
  [
    'repair @/shards --out @/shards/model-00002-of-00002.safetensors --force',
    usage,
    /a file of the model itself/,
  ],
  ['repair @/tfjs --out @/tfjs --force', usage, /in the folder of the model itself/],
  ['repair @/tfjs/model.json --out @/tfjs/other.json', usage, /in the folder of the model itself/],
  [
    'repair @/good.safetensors --out @/there.safetensors',
    usage,
    /which exists; expected a new name, or --force/,
  ],
  ['repair @/good.safetensors --out @/x.onnx', usage, /expected a name ending in \.safetensors/],
  ['repair @/tfjs --out @/x.safetensors', usage, /expected a folder or a name ending in \.json/],
  ['repair @/good.safetensors --out @/notes.txt/x.safetensors', usage, /cannot be written \(ENOTDIR\)/],
  [
    'repair @/good.safetensors --out @/x.safetensors --init he-normal --scale-only',
    usage,
    /does not go with --scale-only/,
  ],
  ['repair @/good.safetensors --out @/x.safetensors --init nope', usage, /no initializer "nope"/],
  [
    'repair @/good.safetensors --out @/x.safetensors --init lsuv',
    usage,
    /draws a whole network, and the file/,
  ],
  [
    'repair @/good.safetensors --out @/x.safetensors --init rai',
    usage,
    /draws a whole network, and the file/,
  ],
  [
    'repair @/tfjs --out @/x --init data-dependent',
    usage,
    /does not fit the network: data-dependent looks at data/,
  ],
  ['repair @/tfjs --out @/x --init fixup', usage, /does not fit the network/],
  [
    'repair @/good.safetensors --out @/x.safetensors --init delta-orthogonal',
    usage,
    /does not fit "layers\.02\.weight"/,
  ],
  ['repair @/good.safetensors --out @/x.safetensors --seed -1', usage, /--seed/],
  ['repair @/inf.safetensors --out @/x.safetensors --scale-only', failed, /which no scale helps/],
  ['repair @/zero.safetensors --out @/x.safetensors --scale-only', failed, /not zero/],
  ['repair @/biases.safetensors --out @/x.safetensors', failed, /no weight matrices/],
  ['repair @/cut.safetensors --out @/x.safetensors', failed, /cut\.safetensors/],
];

describe('what cannot be is one clear line', () => {
  it.each(cases)('%s', async (line, expected, says) => {
    const before = readdirSync(folder).sort();
    const { code, stdout, stderr } = await runArguments(line.replaceAll('@', folder).split(' '));
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('defect of kindling');
    expect(stdout).toBe('');
    expect(code).toBe(expected);
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it('and a blank name is none', async () => {
    for (const argv of [
      ['inspect', ' '],
      ['diagnose', ''],
      ['repair', folder, '--out', ' '],
    ]) {
      const { code } = await runArguments(argv);
      expect(code).not.toBe(0);
    }
  });

  it('and what was there is as it was', () => {
    expect(readFileSync(join(folder, 'there.safetensors'), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'x.safetensors'))).toBe(false);
  });
});
