/** `kindling initializers`: the catalog, with what each really delivers. */
import { findInitializer, initializerNames } from '@kindling/initializers';
import { Command } from 'commander';
import { catalogJson, catalogRow } from '../answers/catalog.js';
import { catalogEntryText, catalogText } from '../answers/catalog-text.js';
import { defaultOption } from '../options/default-option.js';
import { parseInitializer } from '../options/initializer-choice.js';
import { parseWholeNumber } from '../options/whole-number.js';
import { jsonText } from '../output/json-text.js';
import type { Surroundings } from '../surroundings.js';

interface InitializersFlags {
  readonly fanIn: string;
  readonly fanOut: string;
  readonly json?: boolean;
}

const fanBounds = { least: 1, most: 1_000_000_000 };

/** The command. */
export function initializersCommand({ stdout }: Surroundings): Command {
  return new Command('initializers')
    .summary('initializers and presets of other libraries, with what they deliver')
    .description(
      'Lists the initializers, and what other libraries do by default: the variance each really delivers, its excess ' +
        'kurtosis, whether it is critical for ReLU, and its biases. With a name: that one in words.',
    )
    .argument('[name]', 'one of them, with settings if wished, such as he-normal:slope=0.2')
    .addOption(defaultOption('--fan-in <n>', 'inputs of the layer', '100'))
    .addOption(defaultOption('--fan-out <n>', 'units of the layer', '100'))
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ kindling initializers
  $ kindling initializers pytorch:linear --fan-in 784
  $ kindling initializers orthogonal:gain=1.4142 --json`,
    )
    .action((name: string | undefined, flags: InitializersFlags) => {
      const fans = {
        fanIn: parseWholeNumber('--fan-in', flags.fanIn, fanBounds),
        fanOut: parseWholeNumber('--fan-out', flags.fanOut, fanBounds),
      };
      if (name !== undefined) {
        const row = catalogRow(parseInitializer('the name', name), fans);
        stdout.write(
          flags.json === true ? jsonText({ ...fans, ...catalogJson(row) }) : catalogEntryText(row, stdout),
        );
        return;
      }
      const rows = initializerNames.map((known) => catalogRow(findInitializer(known), fans));
      stdout.write(
        flags.json === true
          ? jsonText({ ...fans, initializers: rows.map(catalogJson) })
          : catalogText(rows, stdout),
      );
    });
}
