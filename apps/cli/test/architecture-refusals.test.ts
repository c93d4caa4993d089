/** What commands on residual, convolutional and any other nets refuse: one line that names the argument, exit code 2. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from './run-command.js';

const folder = mkdtempSync(join(tmpdir(), 'kindling-refusals-'));
afterAll(async () => await rm(folder, { recursive: true }));

let files = 0;

function fileOf(content: string): string {
  const path = join(folder, `${files++}.json`);
  writeFileSync(path, content);
  return path;
}

describe('bad input', () => {
  const relu = '--residual 5*3 --init he-normal';
  const conv = '--conv 8x8x1,4*3 --init he-normal';
  const package_ = fileOf('{"name": "x", "version": "1.0.0"}');
  const broken = fileOf('{"input": {"width": 4},\n "layers": [}');
  const wrongLayer = fileOf(
    '{"input":{"width":4},"layers":[{"kind":"dense","units":0,"activation":"relu"}]}',
  );
  const net = fileOf(
    '{"input":{"width":4},"layers":[{"kind":"residual","branch":[{"kind":"dense","units":4,"activation":"relu"}],"scale":1,"shortcut":"identity"}]}',
  );
  const dense = fileOf('{"input":{"width":4},"layers":[{"kind":"dense","units":4,"activation":"relu"}]}');

  it.each([
    ['predict --init he-normal', '--widths, --residual, --conv or --arch is missing'],
    ['predict', '--widths, --residual, --conv or --arch is missing'],
    ['arch', '--widths, --residual, --conv or --arch is missing'],
    ['predict --residual 5*3', '--init is missing'],
    ['predict --widths 4,3 --residual 5*3 --init he-normal', '--widths does not go with --residual'],
    ['predict --residual 5*3 --conv 8x8x1,4 --init he-normal', '--residual does not go with --conv'],
    [`predict --conv 8x8x1,4 --arch ${net} --init he-normal`, '--conv does not go with --arch'],
    [`predict --residual 5*3 --residual 5*4 --init he-normal`, '--residual is given twice'],
    [
      'predict --widths 4,3 --scale 1 --init he-normal',
      '--scale does not go with --widths; it goes with --residual',
    ],
    ['predict --widths 4,3 --module relu --init he-normal', '--module does not go with --widths'],
    [
      'predict --widths 4,3 --kernel 3 --init he-normal',
      '--kernel does not go with --widths; it goes with --conv',
    ],
    ['predict --residual 5*3 --padding zero --init he-normal', '--padding does not go with --residual'],
    ['predict --residual 5*3 --stride 1 --init he-normal', '--stride does not go with --residual'],
    ['predict --conv 8x8x1,4 --scale 1 --init he-normal', '--scale does not go with --conv'],
    [
      `predict --arch ${net} --scale 1 --init he-normal`,
      '--scale does not go with --arch, whose file says it',
    ],
    [`predict --arch ${net} --padding zero --init he-normal`, '--padding does not go with --arch'],
    ['predict --residual 5 --scale fixup', '--scale fixup does not go with --module relu'],
    [
      'predict --residual 5 --module linear --scale fixup --init he-normal',
      '--init he-normal does not go with --scale fixup',
    ],
    ['predict --residual x --init he-normal', '--residual is "x": a width is "x"'],
    ['predict --residual 5*0 --init he-normal', '--residual is "5*0": the number behind "5" is "0"'],
    ['predict --residual 5,6 --init he-normal', '--residual is "5,6": "5,6" has the widths 5 and 6'],
    ['predict --residual 5*30*2 --init he-normal', 'expected width*modules'],
    ['predict --residual 5*999999 --init he-normal', 'expected a whole number from 1 to 100000'],
    ['predict --residual -5*3 --init he-normal', 'a width is "-5"'],
    [`predict ${relu} --scale one`, '--scale is "one": "one" is no rule of scales; expected 0.75^l'],
    [`predict ${relu} --scale -1`, '--scale is "-1": "-1" has the scale "-1"; expected a finite number ≥ 0'],
    [`predict ${relu} --scale 1,0.5`, '--residual is "5*3": the list has 2 scales; expected 3'],
    [`predict ${relu} --scale 1/n`, 'has the scale "1/n"'],
    [`predict ${relu} --module relo`, '--module is "relo"; did you mean relu?'],
    [`predict ${relu} --input-length 2`, '--input-length does not go with --residual'],
    [`predict ${relu} --input 1,2`, '--input has 2 numbers; expected 5'],
    [`predict ${relu} --input 0,0,0,0,0`, '--input is zero everywhere'],
    [`predict ${relu} --input nothing.csv`, '--input is "nothing.csv", which does not exist'],
    [`predict ${relu} --input 1,2,x,4,5`, '--input is "1,2,x,4,5"'],
    ['predict --widths 4,3 --init he-normal --input 1,2,3,4', '--input does not go with --widths'],
    [
      `predict --arch ${dense} --init he-normal --input 1,2,3,4`,
      '--input does not go with --arch, a fully connected net',
    ],
    [`predict ${relu} --outputs 3`, "unknown option '--outputs'"],
    ['predict --residual 5*3 --init lsuv', '--init lsuv looks at data'],
    ['predict --residual 5*3 --init he-norml', 'did you mean he-normal'],
    ['predict --residual 5*3 --init fixup', '--init fixup does not go with this net'],
    ['predict --widths 5,4 --init fixup', '--init fixup is for residual nets'],
    [
      'predict --conv 8x8x1,4 --kernel 2 --init delta-orthogonal',
      '--init delta-orthogonal does not go with layers.0.weights',
    ],
    ['predict --conv 8x8 --init he-normal', '--conv is "8x8": the image is "8x8"'],
    ['predict --conv 8x8x1 --init he-normal', 'is an image without a layer'],
    ['predict --conv 784,100 --init he-normal', 'the image is "784"'],
    ['predict --conv 8x8x0,4 --init he-normal', 'a size of the image is "0"'],
    ['predict --conv 8x8x1,4*0 --init he-normal', 'the number behind "4" is "0"'],
    ['predict --conv 8x8x1,a --init he-normal', 'a number of channels is "a"'],
    [`predict ${conv} --kernel 0`, '--kernel is "0": a size is "0"'],
    [`predict ${conv} --kernel 3x3x3`, '--kernel is "3x3x3"'],
    [`predict ${conv} --stride 0`, '--stride is "0"'],
    [`predict ${conv} --stride 1.5`, '--stride is "1.5"'],
    [
      `predict ${conv} --padding same`,
      '--padding is "same": "same" is no padding; expected zero, circular, valid',
    ],
    [`predict ${conv} --kernel 5 --padding valid`, '--conv is "8x8x1,4*3": layer 2 does not fit'],
    [`predict ${conv} --input 1,2,3`, '--input has 3 numbers; expected 64'],
    ['predict --arch nothing.json --init he-normal', '--arch is "nothing.json", which does not exist'],
    ['predict --arch . --init he-normal', '--arch is ".", a directory'],
    [`predict --arch ${package_} --init he-normal`, 'which looks like a package.json'],
    [`predict --arch ${broken} --init he-normal`, `:2:13 is no JSON: expected a value or ], got "}"`],
    [`predict --arch ${wrongLayer} --init he-normal`, 'layers[0].units is 0; expected an integer ≥ 1'],
    [`arch --arch ${net} --outputs 3`, '--outputs does not go with --arch, whose file says it'],
    ['arch --residual 5*3 --outputs 0', '--outputs is "0"'],
    ['arch --residual 5*3 --init he-normal', "unknown option '--init'"],
    [`measure ${relu} --method exact-law`, '--method does not go with --residual; only fully connected nets'],
    [`measure ${relu} --data embedded`, '--data does not go with --residual'],
    [`measure ${relu} --input-length 2`, '--input-length does not go with --residual'],
    [`measure ${conv} --method matrices`, '--method does not go with --conv'],
    [`measure ${relu} --trials 0`, '--trials is "0"'],
    [`measure ${relu} --seed x`, '--seed is "x"'],
    ['measure --residual 100000*2 --init he-normal', '--residual asks for layers of 80 GB'],
    ['measure --conv 2000x2000x100,400 --init he-normal', '--conv asks for layers of'],
    [
      'predict --conv 50000x50000x3,1 --init he-normal',
      '--conv reads images of 50,000 × 50,000; expected at most',
    ],
    ['diagnose --residual 100000*2 --init he-normal', '--residual asks for layers of 80 GB'],
    [`diagnose --arch ${net} --init he-normal --outputs 3`, '--outputs does not go with --arch'],
    [`diagnose ${relu} --outputs 0`, '--outputs is "0"'],
    [`diagnose ${relu} --data embedded`, '--residual reads 5; expected 784'],
    [`diagnose ${relu} --input 1,2,3,4,5`, "unknown option '--input'"],
    ['diagnose --residual 5*3', '--init is missing'],
    ['diagnose --conv 8x8x1,4 --init lsuv', '--init lsuv looks at data'],
    ['diagnose --widths 4,3 --conv 8x8x1,4 --init he-normal', '--widths does not go with --conv'],
  ])('kindling %s', async (line, message) => {
    const { code, stdout, stderr } = await run(line);
    expect(stderr).toMatch(/^kindling: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
