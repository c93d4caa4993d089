/** `--figures`: drawings of each tensor as files. */
import { lstat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { printableText } from '@kindling/core';
import type { WeightSample } from '@kindling/diagnostics';
import type { TensorFindings } from '@kindling/diagnostics/models';
import type { ModelTensor } from '@kindling/models';
import { type Figure, histogramFigure, quantileFigure, spectrumFigure, svgText } from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { parseHTML } from 'linkedom';
import { UsageError } from '../usage-error.js';
import { onePiece, writeWhole } from './write-file.js';

/** More tensors would fill the folder with hundreds of files that nobody looks at. */
const mostDrawn = 100;

/** Draws tensors as they are found. */
export interface WeightFigures {
  draw(found: TensorFindings, sample: WeightSample): Promise<void>;
  /** What was written and where, in a sentence. */
  told(): string;
}

/**
 * @param folder as the user wrote it; files of the same names in it are replaced
 * @throws UsageError for no folder's name, or too many tensors
 */
export function openWeightFigures(
  folder: string,
  directory: string,
  tensors: readonly ModelTensor[],
): WeightFigures {
  if (folder.trim() === '') throw new UsageError('--figures is empty; expected a folder');
  if (tensors.length > mostDrawn) {
    throw new UsageError(
      `--figures: the file has ${countOf(tensors.length, 'tensor')}; expected at most ${mostDrawn} — choose some with --tensor`,
    );
  }
  const place = isAbsolute(folder) ? folder : resolve(directory, folder);
  const taken = new Set<string>();
  let [written, replaced] = [0, 0];
  return {
    async draw(found, sample) {
      const { document } = parseHTML('<!doctype html><html><body></body></html>');
      for (const figure of figuresOf(found, sample, freeName(found.tensor.name, taken))) {
        const bytes = new TextEncoder().encode(svgText(figure, document));
        const path = join(place, `${figure.name}.svg`);
        const older = await lstat(path).catch(() => null);
        await writeWhole(path, onePiece(bytes), true, '--figures');
        written++;
        if (older !== null) replaced++;
      }
    },
    told: () =>
      `${countOf(written, 'figure')} in ${printableText(place)}${replaced === 0 ? '' : `, ${countText(replaced)} in place of older files`}`,
  };
}

function figuresOf(
  { tensor, law, close }: TensorFindings,
  sample: WeightSample,
  stem: string,
): readonly Figure[] {
  // Numbers that are NaN or infinite are in the table; there is no place for them in a drawing.
  if (sample.sorted.length === 0) return [];
  const numbers = {
    tensor: tensor.name,
    sorted: sample.sorted,
    size: tensor.size,
    law,
    fits: close?.fits ?? null,
  };
  const spectrum = close?.spectrum ?? null;
  return [
    histogramFigure({ ...numbers, name: `${stem}-histogram` }),
    quantileFigure({ ...numbers, name: `${stem}-quantiles` }),
    spectrum === null
      ? null
      : spectrumFigure({ tensor: tensor.name, name: `${stem}-spectrum`, spectrum: spectrum.spectrum }),
  ].filter((figure) => figure !== null);
}

/** A name of letters, digits and hyphens that no tensor before had. */
function freeName(name: string, taken: Set<string>): string {
  const plain =
    name
      .replace(/[^A-Za-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 80) || 'tensor';
  let free = plain;
  for (let i = 2; taken.has(free.toLowerCase()); i++) free = `${plain}-${i}`;
  taken.add(free.toLowerCase());
  return free;
}
