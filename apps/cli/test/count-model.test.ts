/** Model files as the study of the order of parameters takes them: the same tests as `kindling bits`, and a digest of the numbers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bitTable } from '@kindling/diagnostics';
import { collectBytes, tensorOfFloats, writeSafetensors } from '@kindling/models';
import { datasetIdentity, iidSpec } from '@kindling/studies';
import { loadDataset } from '@kindling/trainer/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { bitTestOf } from '../../../packages/studies/src/catalog/iid/tensor-bits.js';
import { countModels } from '../src/model/count-model.js';
import { drawDense, emptyFolder } from './model-fixtures.js';
import { runArguments } from './run-command.js';

let folder = '';

async function write(name: string, changed: number): Promise<string> {
  const weights = drawDense('he-normal', 60, 50, 4);
  weights[17] = (weights[17] ?? 0) + changed;
  const tensors = [
    tensorOfFloats('a.weight', [60, 50], weights, 'f32'),
    tensorOfFloats('a.bias', [50], new Float32Array(50), 'f32'),
    tensorOfFloats('b.weight', [50, 60], drawDense('he-normal', 50, 60, 5), 'f16'),
  ];
  writeFileSync(join(folder, name), await collectBytes(writeSafetensors(tensors)));
  return name;
}

beforeAll(async () => {
  folder = await emptyFolder();
});

describe('a counted model', () => {
  it('has the table of kindling bits, and its refusals', async () => {
    const file = await write('net.safetensors', 0);
    const [model] = await countModels([file], folder);
    const { stdout } = await runArguments(['bits', join(folder, file), '--json']);
    const { tensors, table } = JSON.parse(stdout) as {
      readonly tensors: readonly {
        readonly name: string;
        readonly refusal: { readonly reason: string } | null;
      }[];
      readonly table: readonly { readonly parts: Record<string, { readonly z: number } | null> }[];
    };
    expect(model?.tensors.map(({ name, refusal }) => [name, refusal])).toEqual(
      tensors.map(({ name, refusal }) => [name, refusal?.reason ?? null]),
    );
    const rows = bitTable(
      (model?.tensors ?? []).map((tensor) => ({ type: tensor.type, test: bitTestOf(tensor) })),
    );
    expect(rows.map(({ columns }) => columns.sign?.z)).toEqual(table.map(({ parts }) => parts['sign']?.z));
    const { dataset } = await loadDataset('embedded');
    const spec = iidSpec({ data: datasetIdentity(dataset), models: model === undefined ? [] : [model] });
    expect(spec.models).toEqual([model]);
  });

  it('is refused by the flag that named it', async () => {
    await expect(countModels(['nothing.safetensors'], folder)).rejects.toThrow(
      /^a file of --models is "nothing\.safetensors", which does not exist; expected a model/,
    );
  });

  it('has a digest of its numbers, whatever its name', async () => {
    const files = [
      await write('a.safetensors', 0),
      await write('b.safetensors', 0),
      await write('c.safetensors', 1e-3),
    ];
    const [a, b, c] = (await countModels(files, folder)).map(({ digest }) => digest);
    expect(a).toMatch(/^[0-9a-f]{64}$/);
    expect(b).toBe(a);
    expect(c).not.toBe(a);
  });
});
