/** The tables of the study and what theory says beside them. Cells are ready to print. */
import { type BitColumn, bitColumns } from '@kindling/diagnostics';
import { countOf, countText, numberText, shareText } from '../../report/number-text.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import { iidNetTitles } from './nets.js';
import { publishedColumns, publishedPValue, publishedRows } from './published.js';
import type { ReadingOrder } from './reading-order.js';
import type { IidRow, IidSummary } from './summarize.js';

/** The orders in words. */
export const orderTitles: Readonly<Record<ReadingOrder, string>> = {
  stored: 'as stored',
  'by-unit': 'unit by unit',
  shuffled: 'shuffled',
};

/** A column in words. */
export function columnTitle(column: BitColumn): string {
  return column === 'values' ? 'numbers' : column;
}

/** A p-value in a table: small ones by their size. */
export function pText(p: number): string {
  if (p > 0.0005) return p.toFixed(3);
  return p < 1e-99 ? '< 10⁻⁹⁹' : numberText(p, 2);
}

/** The deck's table as printed, ours of the nets and of the files, and the accuracies. */
export function tables(summary: IidSummary): readonly SummaryTable[] {
  const { stages, models, spec } = summary;
  const last = spec.maxEpochs;
  const shown = stages.filter(({ runs }) => runs > 0);
  const about = (epoch: number) => (epoch === 0 ? 'before training' : `after ${countOf(epoch, 'epoch')}`);
  return [
    ...shown.map(({ net, epoch, runs, rows }) =>
      layerTable(
        `${iidNetTitles[net]}, ${about(epoch)}: largest |Z| over the layers of ${countOf(runs, 'seed')}`,
        rows.stored,
      ),
    ),
    ...shown
      .filter(({ epoch }) => epoch === last)
      .flatMap(({ net, epoch, rows }) =>
        (['by-unit', 'shuffled'] as const).map((order) =>
          layerTable(`${iidNetTitles[net]}, ${about(epoch)}, ${orderTitles[order]}`, rows[order]),
        ),
      ),
    ...models
      .filter(({ rows }) => rows.length > 0)
      .map(({ name, digest, rows }) => layerTable(`${name} (${digest.slice(0, 12)})`, rows)),
    publishedTable(),
    {
      title: 'Test accuracy',
      columns: ['net', ...spec.epochs.map((epoch) => `epoch ${epoch}`)],
      rows: spec.nets.map((net) => [
        iidNetTitles[net],
        ...spec.epochs.map((epoch) => {
          const accuracy = stages.find((stage) => stage.net === net && stage.epoch === epoch)?.accuracy;
          return accuracy === null || accuracy === undefined ? '–' : shareText(accuracy.mean);
        }),
      ]),
    },
  ];
}

function layerTable(title: string, rows: readonly IidRow[]): SummaryTable {
  const cells = (row: IidRow, text: (found: IidRow['columns'][number]) => string) =>
    bitColumns.map((column) => {
      const found = row.columns.find((one) => one.column === column);
      return found === undefined ? '–' : text(found);
    });
  return {
    title,
    columns: ['type', 'layers', 'not tested', '', ...bitColumns.map(columnTitle)],
    rows: rows.flatMap((row) => [
      [
        row.type,
        countText(row.layers),
        countText(row.refused),
        'max |Z|',
        ...cells(row, ({ z }) => numberText(z)),
      ],
      [row.type, '', '', 'p', ...cells(row, ({ pValue }) => pText(pValue))],
    ]),
  };
}

function publishedTable(): SummaryTable {
  return {
    title: 'Published: ResNet-18, trained on ImageNet; p-values ours',
    columns: ['type', 'layers', '', ...publishedColumns],
    rows: publishedRows.flatMap((row) => [
      [row.type, countText(row.layers), 'max |Z|', ...row.z.map((z) => z.toFixed(3))],
      [row.type, '', 'p', ...row.z.map((z) => pText(publishedPValue(row, z)))],
    ]),
  };
}

/** What the test can tell and what not. */
export function sections({ spec }: IidSummary): readonly ReportSection[] {
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'The runs test of Wald and Wolfowitz counts the stretches of numbers on one side of their median. In random order their number R has mean 1 + 2n₁n₂/n, and Z = (R − mean)/deviation is near a standard normal. The test sees order only: numbers of any one law in random order pass, and so do different layers of different laws. That they pass does not show that they are independent.',
        'The largest of L independent |Z| exceeds z with probability 1 − (1 − p(z))^L: of 20 layers the median is 2.12, and 5 % exceed 3.02. Layers of several seeds are tested together, so L is layers times seeds.',
        'Z grows with the root of the size: of a fixed likeness ρ of neighbors, Z ≈ −ρ√n. So a large layer shows a likeness that a small one hides, and |Z| of images and of weights are comparable only after division by √n.',
        'Z depends on the order in which numbers are stored, which no network knows: a matrix read unit by unit (as PyTorch stores it: neighbors are the same unit’s weights of neighboring pixels) has other neighbors than one read input by input (as Keras and these nets store it: neighbors belong to different units). Both are shown, and the same numbers at random for control.',
        `Training is by Adam at ${spec.learningRate} in batches of ${spec.batchSize}. Groups of fraction bits are read as integers and split at their median, as is our reading of the deck.`,
      ],
      tables: [],
    },
  ];
}
