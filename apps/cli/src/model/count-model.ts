/** Model files as the study of randomly ordered parameters takes them: counts and a digest, no numbers. */
import { createHash } from 'node:crypto';
import { createEngine } from '@kindling/core';
import type { Model } from '@kindling/models';
import { type CountedModel, tensorBits } from '@kindling/studies';
import { findBits } from './bit-findings.js';
import { withModelFile } from './open-model-file.js';

/**
 * Reads each file four times, piece by piece.
 *
 * @param paths as typed
 * @param directory where relative paths start, absolute
 * @throws UsageError as `withModelFile`; errors of the files' formats pass through
 */
export async function countModels(
  paths: readonly string[],
  directory: string,
): Promise<readonly CountedModel[]> {
  const counted: CountedModel[] = [];
  for (const path of paths) {
    counted.push(
      await withModelFile(path, { directory, argument: 'a file of --models' }, async ({ model, name }) => {
        const findings = await findBits(createEngine(), model.tensors, () => {});
        return {
          name,
          digest: await digestOf(model),
          tensors: findings.map(({ tensor, type, test }) => tensorBits(tensor.name, type, test)),
        };
      }),
    );
  }
  return counted;
}

/** SHA-256 over every tensor's name, shape, type and numbers, in the file's order. */
async function digestOf({ tensors }: Model): Promise<string> {
  const hash = createHash('sha256');
  for (const tensor of tensors) {
    const { name, shape, dtype, quantization } = tensor;
    hash.update(JSON.stringify([name, shape, dtype, quantization]));
    for await (const piece of tensor.chunks()) {
      hash.update(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
    }
  }
  return hash.digest('hex');
}
