/** `kindling repair`: new or rescaled weights for a model, in a new file. */

import { dirname, join, relative } from 'node:path';
import { createEngine, rootKey } from '@kindling/core';
import {
  findTensors,
  floatBytes,
  type ModelDiagnosis,
  type ReadingMeter,
  WeightsError,
} from '@kindling/diagnostics/models';
import {
  type Model,
  type ModelTensor,
  openModel,
  printableName,
  type TensorToWrite,
  writeSafetensors,
  writeTensorflowJs,
} from '@kindling/models';
import { openFileSources } from '@kindling/models/node';
import { Command } from 'commander';
import { notesOf } from '../answers/inspection.js';
import { type RepairAnswer, repairJson, repairText } from '../answers/repair.js';
import { type ExitCode, exitCodes, exitCodesHelp } from '../exit-codes.js';
import { diagnoseWithData } from '../model/diagnose-with-data.js';
import { drawNetwork } from '../model/draw-kernels.js';
import { parseInputShape } from '../model/input-shape.js';
import { formatTitle, type OpenedModel, withModelFile } from '../model/open-model-file.js';
import { type RepairChange, repairTensors } from '../model/repair-model.js';
import { type RepairPlace, readRepairPlace } from '../model/repair-place.js';
import { onePiece, writeWhole } from '../model/write-file.js';
import { writtenNames } from '../model/written-names.js';
import { defaultOption } from '../options/default-option.js';
import { initializerHelp, parseInitializer } from '../options/initializer-choice.js';
import { parseSeed } from '../options/network-choice.js';
import { jsonText } from '../output/json-text.js';
import { runReading } from '../progress/run-reading.js';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';

interface RepairFlags {
  readonly out?: string;
  readonly init?: string;
  readonly scaleOnly?: boolean;
  readonly seed: string;
  readonly data?: string;
  readonly inputShape?: string;
  readonly force?: boolean;
  readonly failOnVerdict?: boolean;
  readonly json?: boolean;
}

/** The command. */
export function repairCommand(surroundings: Surroundings, finish: (code: ExitCode) => void): Command {
  return new Command('repair')
    .summary('new or rescaled weights for a model, diagnosed before and after')
    .description(
      'Draws the weight matrices of a model file anew, or rescales them, and writes it in the same format (TensorFlow.js; safetensors, shards as ' +
        'one file) or as safetensors. Biases become zero, with --scale-only they stay, --init rai draws them; normalization and all else ' +
        'stays. The files that are read are never changed.',
    )
    .argument(
      '<file>',
      'safetensors, TensorFlow.js, ONNX, Keras .h5 or .keras, .npy, .npz, or a folder with one',
    )
    .option(
      '--out <file>',
      'where to write: a .safetensors file, or of TensorFlow.js models a folder or a .json file',
    )
    .option('--init <name>', `${initializerHelp} (default: he-normal)`)
    .option('--scale-only', 'keep the weights and multiply each matrix so that its variance is 2/fan-in')
    .addOption(defaultOption('--seed <n>', 'where random numbers come from', '1'))
    .option('--data <name>', 'inputs to diagnose on, and for --init lsuv, as with kindling diagnose')
    .option(
      '--input-shape <size>',
      'where the file leaves it open: 784, or height x width x channels as 28x28x1',
    )
    .option('--force', 'replace what is at --out')
    .option(
      '--fail-on-verdict',
      `exit code ${exitCodes.verdict} unless the verdict after it is that training starts`,
    )
    .option('--json', 'as JSON: file, written, format, change, changed, zeroed, before, after, notes')
    .addHelpText(
      'after',
      `
Examples:
  $ kindling repair my-tfjs-model/model.json --out repaired
  $ kindling repair model.safetensors --out repaired.safetensors --scale-only
  $ kindling repair model.onnx --out repaired.safetensors --init he-uniform --seed 7
  $ kindling repair model.keras --out repaired.safetensors --init orthogonal:gain=1.414

${exitCodesHelp}`,
    )
    .action(async (file: string, flags: RepairFlags) => {
      const seed = parseSeed(flags.seed);
      const change = readChange(flags, seed);
      const { out } = flags;
      if (out === undefined)
        throw new UsageError('--out is missing; expected where to write the repaired model');
      const input = flags.inputShape === undefined ? undefined : parseInputShape(flags.inputShape);
      const { stdout, directory } = surroundings;
      await withModelFile(file, { directory, input }, async (opened) => {
        const place = await readRepairPlace(
          { out, files: opened.sources.paths(), force: flags.force === true },
          opened.model,
          directory,
        );
        const outcome = await runReading(
          (meter) => repair(opened, { place, change, seed, flags, meter }, surroundings),
          surroundings,
          // Read for the diagnosis before, the new numbers, and the diagnosis after.
          { totalBytes: 3 * floatBytes(opened.model.tensors), news: `repairing ${opened.name}` },
        );
        if (outcome.ended === 'interrupted') {
          finish(outcome.exitCode);
          return;
        }
        const answer = outcome.result;
        stdout.write(flags.json === true ? jsonText(repairJson(answer)) : repairText(answer, stdout));
        const { verdict } = answer.after.diagnosis;
        if (flags.failOnVerdict === true && verdict !== 'starts') finish(exitCodes.verdict);
      });
    });
}

/** @throws UsageError for flags that contradict each other, and an initializer that cannot be drawn */
function readChange({ init, scaleOnly }: RepairFlags, seed: number): RepairChange {
  if (scaleOnly === true && init !== undefined) {
    throw new UsageError(
      '--init does not go with --scale-only, which keeps the weights; expected one of the two',
    );
  }
  if (scaleOnly === true) return { kind: 'scale-only' };
  const named = parseInitializer('--init', init ?? 'he-normal');
  return { kind: 'redraw', named, key: rootKey(seed), network: null };
}

interface RepairRequest {
  readonly place: RepairPlace;
  readonly change: RepairChange;
  readonly seed: number;
  readonly flags: RepairFlags;
  readonly meter: ReadingMeter;
}

async function repair(
  opened: OpenedModel,
  { place, change, seed, flags, meter }: RepairRequest,
  surroundings: Surroundings,
): Promise<RepairAnswer> {
  const { model, path: file } = opened;
  const drawing = await drawTogether(model, change, flags.data, surroundings);
  const ask = { data: flags.data, key: rootKey(seed), remedies: false, meter };
  const before = await diagnoseFinite(() => diagnoseWithData({ ...ask, model }, surroundings));
  const kernels = model.tensors.filter(({ fans }) => fans !== null);
  const findings = before?.findings ?? (await findTensors(createEngine(), kernels, meter));
  const repaired = repairTensors(model.tensors, findings, drawing);
  const names = place.same ? null : writtenNames(model);
  const tensors = repaired.tensors.map((tensor) => ({
    ...tensor,
    name: names?.get(tensor.name) ?? tensor.name,
  }));
  const written = await write(opened, place, tensors, flags.force === true);
  const after = await diagnoseWritten(place.path, model, names, (changed) =>
    diagnoseWithData({ ...ask, model: changed }, surroundings),
  );
  const shown = written.map(({ path, bytes }) => ({ path: shorter(path, surroundings.directory), bytes }));
  const named = change.kind === 'redraw' ? change.named : null;
  return {
    ...{ file, formatTitle: formatTitle(model), written: shown, format: place.format },
    ...{ sameFormat: place.same, change: change.kind, seed, repaired, before, after },
    fromShards: place.format === 'safetensors' && /\.index\.json$/.test(opened.name),
    initializer: named === null ? null : { name: named.name, title: named.title },
    notes: [
      ...renamingNote(names),
      ...(after.kind === 'weights' ? after.diagnosis.notes : []),
      ...notesOf(model),
    ],
  };
}

/** The first of the names that are others in the file that is written. */
function renamingNote(names: ReadonlyMap<string, string> | null): readonly string[] {
  const [first] = [...(names ?? [])].filter(([before, after]) => before !== after);
  if (first === undefined) return [];
  const [before, after] = first.map(printableName);
  return [
    `Tensors have the names of their layers in the file that was written: ${before} is ${after} there.`,
  ];
}

/** `null` where weights are not finite: repairing such is what the command is for. */
async function diagnoseFinite(run: () => Promise<ModelDiagnosis>): Promise<ModelDiagnosis | null> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof WeightsError && error.details['notFinite'] === true) return null;
    throw error;
  }
}

/** The change with the numbers of a whole network, where the initializer draws it at once. @throws UsageError where there is none */
async function drawTogether(
  model: Model,
  change: RepairChange,
  data: string | undefined,
  surroundings: Surroundings,
): Promise<RepairChange> {
  if (change.kind === 'scale-only' || change.named.initializer.kind === 'layerwise') return change;
  const { named, key } = change;
  const { architecture } = model;
  if (architecture === null) {
    throw new UsageError(
      `--init ${named.name} draws a whole network, and the file tells none that Kindling runs; expected a law of each layer, such as he-normal or orthogonal`,
    );
  }
  const network = await drawNetwork(createEngine(), { architecture, named, key, data }, surroundings);
  return { ...change, network };
}

async function write(
  { sources, model }: OpenedModel,
  { path, format }: RepairPlace,
  tensors: readonly TensorToWrite[],
  force: boolean,
): Promise<readonly { readonly path: string; readonly bytes: number }[]> {
  if (format === 'safetensors') {
    return [
      {
        path,
        bytes: await writeWhole(
          path,
          writeSafetensors(tensors, Object.fromEntries(model.metadata ?? [])),
          force,
        ),
      },
    ];
  }
  const { json, shardName, shard } = await writeTensorflowJs(sources.main, tensors);
  // The shard first: a model.json that names a file that is not there would be broken.
  const shardPath = join(dirname(path), shardName);
  const shardBytes = await writeWhole(shardPath, shard, force);
  const bytes = await writeWhole(path, onePiece(json), force);
  return [
    { path, bytes },
    { path: shardPath, bytes: shardBytes },
  ];
}

/** The written numbers in the network, roles and fans that the original told. */
async function diagnoseWritten(
  path: string,
  model: Model,
  names: ReadonlyMap<string, string> | null,
  diagnose: (changed: Model) => Promise<ModelDiagnosis>,
): Promise<ModelDiagnosis> {
  const sources = await openFileSources(path);
  try {
    const numbers = new Map((await openModel(sources)).tensors.map((tensor) => [tensor.name, tensor]));
    const tensors = model.tensors.map((tensor): ModelTensor => {
      const { read, chunks, readBytes, dtype, quantization } =
        numbers.get(names?.get(tensor.name) ?? tensor.name) ?? tensor;
      return { ...tensor, dtype, quantization, read, chunks, readBytes };
    });
    return await diagnose({ ...model, tensors });
  } finally {
    await sources.close();
  }
}

/** Relative to where the user is, where that is shorter. */
function shorter(path: string, directory: string): string {
  const below = relative(directory, path);
  return below.length < path.length ? below : path;
}
