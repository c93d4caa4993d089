/** The catalog of initializers for the terminal: all in a table, or one in words. */
import { needsData } from '@kindling/initializers';
import { countText, numberText } from '@kindling/studies/text';
import { type Fact, factsText, headlineText, remarksText } from '../output/facts-text.js';
import type { Output } from '../output/output.js';
import { tableText } from '../output/table-text.js';
import { proseColumns } from '../output/wrap-text.js';
import { type CatalogRow, dependsOnFans, isCritical, varianceRatioOf } from './catalog.js';

/** From this width on the table has room for titles. */
const columnsForTitles = 120;

/** All of them in a table. */
export function catalogText(rows: readonly CatalogRow[], { colors, columns }: Output): string {
  const room = columns() ?? Number.POSITIVE_INFINITY;
  const titled = room >= columnsForTitles;
  const { fanIn = 0, fanOut = 0 } = rows[0]?.fans ?? {};
  const critical = rows.filter((row) => isCritical(row) === true).length;
  const headline = `${rows.length} initializers; ${critical} keep the mean length of a ReLU net.`;
  const table = (title: string, shown: readonly CatalogRow[]) => ({
    title,
    columns: [
      'name',
      'variance ratio',
      'excess kurtosis',
      'lengths',
      'bias variance',
      ...(titled ? ['title'] : []),
    ],
    rows: shown.map((row) => [
      row.named.name,
      cell(varianceRatioOf(row), 3),
      cell(row.delivered?.excessKurtosis ?? null, 3),
      effectText(row),
      cell(row.delivered?.biasVariance ?? null, 3),
      ...(titled ? [row.named.title] : []),
    ]),
  });
  const layer = `on a layer of ${countText(fanIn)} inputs and ${countText(fanOut)} units`;
  const own = rows.filter(({ named }) => named.preset === undefined);
  const presets = rows.filter(({ named }) => named.preset !== undefined);
  const tables = [
    tableText(table(`Delivered ${layer}`, own), room, colors),
    ...(presets.length === 0
      ? []
      : [tableText(table('Defaults of other libraries, on the same layer', presets), room, colors)]),
  ].join('\n');
  const remarks = [
    'Variance ratio: Var(w) / (2/fan-in), by which each layer multiplies the mean length when weights are symmetric about 0. ' +
      'At 1 lengths stay: critical. Below they vanish with depth, above they explode.',
    '*: at these fans only, because the weights do not scale with them.',
    'One in words: kindling initializers NAME. With settings: he-normal:slope=0.2, normal:variance=0.01,bias-variance=0.1',
  ];
  const prose = proseColumns(columns());
  return `${headlineText(headline, prose, colors)}${tables}\n${remarksText(remarks, prose)}`;
}

/** One in words. */
export function catalogEntryText(row: CatalogRow, { colors, columns }: Output): string {
  const room = proseColumns(columns());
  const { named, fans, delivered, reason } = row;
  const facts: readonly Fact[] = [
    ['name', named.name],
    ['source', named.source],
    ...(named.preset === undefined
      ? []
      : [['default of', `${named.preset.library} ${named.preset.version}`] as const]),
    ['layer', `${countText(fans.fanIn)} inputs, ${countText(fans.fanOut)} units`],
    ...(delivered === null
      ? [['delivers', reason ?? '–'] as const]
      : ([
          ['weights', momentsText(delivered.mean, delivered.variance, delivered.excessKurtosis)],
          ['biases', momentsText(delivered.biasMean, delivered.biasVariance, delivered.biasExcessKurtosis)],
          ['variance ratio', `${cell(varianceRatioOf(row))} of 2/fan-in`],
          ['symmetric', delivered.symmetric ? 'yes, about 0' : 'no'],
          ['weights are', dependenceTexts[delivered.dependence]],
        ] as const)),
    ['description', JSON.stringify(named.initializer)],
  ];
  return `${headlineText(headlineOf(row), room, colors)}${factsText(facts, room, colors)}`;
}

const dependenceTexts = {
  independent: 'independent of each other',
  orthogonal: 'entries of a random orthogonal matrix',
  structured: 'dependent on each other, or not random',
} as const;

function headlineOf(row: CatalogRow): string {
  const { title, initializer } = row.named;
  const ratio = varianceRatioOf(row);
  if (needsData(initializer)) return `${title}: fits itself to data, so what it delivers depends on them.`;
  if (row.delivered === null || ratio === null) return `${title}: not for such a layer.`;
  if (!row.delivered.symmetric) {
    return `${title}: not symmetric about 0, so the theory of lengths does not hold; measure it.`;
  }
  if (isCritical(row) === true) return `${title}: critical – the weights keep the mean length as it is.`;
  if (ratio === 0) return `${title}: nothing passes, every length is 0.`;
  const end =
    ratio > 1 ? 'explodes' : row.delivered.biasVariance > 0 ? 'falls to what the biases add' : 'vanishes';
  return `${title}: each layer multiplies the mean length by ${numberText(ratio, 4)}, so with depth it ${end}.`;
}

function effectText(row: CatalogRow): string {
  const ratio = varianceRatioOf(row);
  if (needsData(row.named.initializer)) return 'from data';
  if (row.delivered === null || ratio === null) return 'not here';
  if (!row.delivered.symmetric) return 'not symmetric';
  const mark = dependsOnFans(row) ? '*' : '';
  if (isCritical(row) === true) return `critical${mark}`;
  return `${ratio < 1 ? 'vanish' : 'explode'}${mark}`;
}

function momentsText(mean: number, variance: number, excessKurtosis: number): string {
  if (variance === 0) return mean === 0 ? 'zero' : `all ${numberText(mean, 5)}`;
  const center = mean === 0 ? '' : `mean ${numberText(mean, 5)}, `;
  return `${center}variance ${numberText(variance, 5)}, excess kurtosis ${numberText(excessKurtosis, 4)}`;
}

function cell(value: number | null, digits = 4): string {
  return value === null ? '–' : numberText(value, digits);
}
