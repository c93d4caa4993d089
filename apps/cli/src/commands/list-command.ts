/** `kindling list`: what can be asked for. */
import { KindlingError } from '@kindling/core';
import { studyCatalog } from '@kindling/studies';
import { countText } from '@kindling/studies/text';
import { DatasetNotFoundError, loadDataset } from '@kindling/trainer/node';
import { Command } from 'commander';
import { datasetNames } from '../options/data-request.js';
import { errorMessage } from '../output/error-text.js';
import { textWidth } from '../output/wrap-text.js';
import type { Surroundings } from '../surroundings.js';

/** The command. */
export function listCommand(surroundings: Surroundings): Command {
  return new Command('list')
    .summary('studies and data sets')
    .description(
      'Lists the studies and the data sets: each of these is looked for and checked. Initializers: kindling initializers.',
    )
    .addHelpText('after', '\nExample:\n  $ kindling list')
    .action(async () => {
      const { stdout } = surroundings;
      const { bold, dim } = stdout.colors;
      stdout.write(`${bold('Studies')}  ${dim('kindling study <name>')}\n`);
      stdout.write(grid([...studyCatalog.values()].map(({ name, title }) => [name, title])));
      stdout.write(`\n${bold('Data sets')}  ${dim('--data; or any directory of idx files')}\n`);
      const rows = await Promise.all(datasetNames.map((name) => datasetRow(name, surroundings)));
      stdout.write(grid(rows));
      stdout.write(`\n${bold('Initializers')}  ${dim('kindling initializers')}\n`);
    });
}

async function datasetRow(name: string, { directory, env }: Surroundings): Promise<readonly string[]> {
  try {
    const { dataset, source } = await loadDataset(name, {
      env,
      cwd: directory,
      resolveFrom: [import.meta.url],
    });
    const { train, test } = dataset;
    return [name, `${countText(train.count)} + ${countText(test.count)} images`, source];
  } catch (error) {
    if (!KindlingError.isInstance(error)) throw error;
    // The list of places looked at is the study's to print; here the remedy must do.
    const { remedy } = error.details;
    const missing = error instanceof DatasetNotFoundError && typeof remedy === 'string';
    return missing ? [name, 'not found', remedy] : [name, 'not usable', errorMessage(error)];
  }
}

/** Rows with aligned columns. */
function grid(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1].map((i) => Math.max(...rows.map((row) => textWidth(row[i] ?? ''))));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - textWidth(cell))))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
