/** Lengths and trainings as tables of comma-separated values (RFC 4180): a line a layer or epoch of a configuration. */
import { type ExploreQuestion, exploreConfigurationText } from '@kindling/studies';
import type { LayerValues, LengthCurves } from '../../charts/lengths-drawing.js';
import { seriesLetters } from '../../series.js';
import type { TrainingSeen } from '../training/training-session.js';

/** A field; null is unknown and empty. NaN and infinities stand there as such. */
type Field = string | number | null;

/** Lines with CRLF, quoted where a field needs it. */
export function csvText(header: readonly string[], rows: readonly (readonly Field[])[]): string {
  return [header, ...rows].map((row) => `${row.map(fieldText).join(',')}\r\n`).join('');
}

function fieldText(field: Field): string {
  if (field === null) return '';
  const text = String(field);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const lengthColumns: readonly (readonly [
  name: string,
  values: (curve: LengthCurves) => LayerValues | undefined,
])[] = [
  ['theory_mean', ({ theory }) => theory?.mean],
  ['theory_typical', ({ theory }) => theory?.typical],
  ['theory_low', ({ theory }) => theory?.low],
  ['theory_high', ({ theory }) => theory?.high],
  ['nets_mean', ({ nets }) => nets?.mean],
  ['nets_median', ({ nets }) => nets?.median],
  ['nets_low', ({ nets }) => nets?.low],
  ['nets_high', ({ nets }) => nets?.high],
  ['nets_alive', ({ nets }) => nets?.alive],
];

/**
 * Lengths by layer of every configuration: log₁₀ of the squared length relative to the input's, low and high being the ends of the
 * drawing's band. `theory_exact` tells a mean from an estimate; `nets_alive` is the share of nets that live.
 *
 * @param curves in any order
 */
export function lengthsCsv(question: ExploreQuestion, curves: readonly LengthCurves[]): string {
  const rows = question.configurations.flatMap((configuration, index) => {
    const letter = seriesLetters[index] ?? 'a';
    const curve = curves.find(({ series }) => series === letter);
    if (curve === undefined) return [];
    return Array.from({ length: curve.depth }, (_, layer): readonly Field[] => [
      letter,
      exploreConfigurationText(configuration),
      layer + 1,
      curve.theory === null ? null : String(curve.theory.exact),
      ...lengthColumns.map(([, values]) => values(curve)?.[layer] ?? null),
    ]);
  });
  const header = ['series', 'configuration', 'layer', 'theory_exact', ...lengthColumns.map(([name]) => name)];
  return csvText(header, rows);
}

/** Trainings by epoch, those that have begun; epoch 0 is before the first step. */
export function trainingCsv(question: ExploreQuestion, trainings: readonly TrainingSeen[]): string {
  const rows = trainings.flatMap(({ index, epochs }) => {
    const configuration = question.configurations[index];
    const text = configuration === undefined ? '' : exploreConfigurationText(configuration);
    return epochs.map(({ epoch, loss, testAccuracy, deadNeurons }): readonly Field[] => [
      seriesLetters[index] ?? 'a',
      text,
      epoch,
      loss,
      testAccuracy,
      deadNeurons,
    ]);
  });
  return csvText(['series', 'configuration', 'epoch', 'loss', 'test_accuracy', 'dead_neurons'], rows);
}
