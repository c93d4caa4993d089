/** What the study says, in sentences, the most important first. */
import { datasetTitle } from '../../report/dataset-title.js';
import { countOf, countText, listText, numberText } from '../../report/number-text.js';
import { iidNetTitles } from './nets.js';
import { publishedImageZ, publishedPValue, publishedRows } from './published.js';
import { columnTitle, orderTitles, pText } from './report.js';
import { type IidRow, type IidStage, type IidSummary, type LargestOfType, testsIn } from './summarize.js';

/** Chance that any one of a table's tests is wrongly said to show order. */
const familyLevel = 0.01;

/** The findings of a summary. */
export function findings(summary: IidSummary): readonly string[] {
  const { spec, stages } = summary;
  const [first, last] = [spec.epochs[0], spec.maxEpochs];
  const after = stages.filter(({ epoch, runs }) => epoch === last && runs > 0);
  const before = stages.filter(({ epoch, runs }) => epoch === first && runs > 0);
  return [
    ...after.map((stage) =>
      netSays(
        stage,
        before.find(({ net }) => net === stage.net),
      ),
    ),
    ...after.map(orderSays),
    ...shuffledSays(after),
    ...summary.models.map(({ name, rows }) => modelSays(name, rows)),
    publishedSays(),
    ...imagesSay(summary),
  ];
}

/** Tests of a table that show order at `familyLevel` together. */
function found(rows: readonly IidRow[]): readonly (LargestOfType & { readonly type: string })[] {
  const level = familyLevel / Math.max(1, testsIn(rows));
  return rows.flatMap(({ type, columns }) =>
    columns.filter(({ pValue }) => pValue < level).map((column) => ({ ...column, type })),
  );
}

function orderedText(rows: readonly IidRow[]): string {
  const ordered = found(rows);
  if (ordered.length === 0) return 'no order';
  const types = [...new Set(ordered.map(({ type }) => type))];
  return types
    .map((type) => {
      const own = ordered.filter((one) => one.type === type);
      const parts = own.map(
        ({ column, z, sign }) => `${columnTitle(column)} ${sign < 0 ? '−' : '+'}${numberText(z)}`,
      );
      return `${type} (${parts.join(', ')})`;
    })
    .join('; ');
}

/** One net before and after, in either order of its axes. */
function netSays({ net, epoch, runs, rows }: IidStage, before: IidStage | undefined): string {
  const both = (tables: IidStage['rows']) =>
    (['stored', 'by-unit'] as const)
      .map((order) => `${orderTitles[order]}, ${orderedText(tables[order])}`)
      .join('; ');
  const earlier = before === undefined ? '' : ` Before training: ${both(before.rows)}.`;
  return `${titleOf(net)}, ${countOf(runs, 'seed')}, after ${countOf(epoch, 'epoch')}, runs tests that leave chance (at 1 % for each whole table; in brackets their Z): ${both(rows)}.${earlier}`;
}

function titleOf(net: IidStage['net']): string {
  return iidNetTitles[net].replace(/^./, (letter) => letter.toUpperCase());
}

/** How much a pair of neighbors is alike, in either order of the axes. */
function orderSays({ net, rows }: IidStage): string {
  const texts = (['stored', 'by-unit'] as const).map((order) => {
    const values = rows[order].flatMap(({ type, columns }) =>
      type.endsWith('weights')
        ? columns.filter(({ column }) => column === 'values').map((one) => ({ ...one, type }))
        : [],
    );
    const parts = values.map(
      ({ type, z, sign, likeness }) =>
        `${type} Z = ${sign < 0 ? '−' : '+'}${numberText(z)} (likeness of neighbors ${numberText(likeness, 2)})`,
    );
    return `${orderTitles[order]}: ${parts.length === 0 ? 'nothing to test' : listText(parts)}`;
  });
  return `${titleOf(net)}, largest Z of the numbers themselves, ${texts.join('; ')}.`;
}

function shuffledSays(after: readonly IidStage[]): readonly string[] {
  const rows = after.flatMap((stage) => stage.rows.shuffled);
  const tests = testsIn(rows);
  if (tests === 0) return [];
  const beyond = found(rows).length;
  return [
    `Control: the same trained numbers in random order leave chance in ${beyond === 0 ? 'none' : countText(beyond)} of ${countOf(tests, 'test')} (at 1 % for all together).`,
  ];
}

function modelSays(name: string, rows: readonly IidRow[]): string {
  const tested = rows.reduce((sum, { layers }) => sum + layers, 0);
  if (tested === 0) return `File ${name}: no tensor could be tested.`;
  return `File ${name}, ${countOf(tested, 'tensor')} tested: ${orderedText(rows)}.`;
}

function publishedSays(): string {
  const [weights] = publishedRows;
  if (weights === undefined) return '';
  const p = weights.z.map((z) => pText(publishedPValue(weights, z)));
  const rest = publishedRows.slice(1).flatMap((row) => row.z.map((z) => publishedPValue(row, z)));
  return `Published ResNet-18: of ${countText(weights.layers)} layers of convolution weights the largest |Z| of the runs test of the three groups of fraction bits have p = ${listText(p)}: not in random order. The other types do not leave chance: the least p of their ${countText(rest.length)} is ${pText(Math.min(...rest))}.`;
}

function imagesSay({ images, spec }: IidSummary): readonly string[] {
  if (images === null) return [];
  return [
    `Images for contrast: over ${countOf(images.tested, 'image')} of ${datasetTitle(spec.data.name)}, of ${countText(spec.data.features)} pixels each, the mean |Z| of their bytes is ${numberText(images.meanZ)}, a likeness of neighbors of ${numberText(images.likeness, 2)} (published for ImageNet’s far larger images: ${publishedImageZ}); of the same bytes in random order ${numberText(images.shuffledZ, 2)}, where chance gives 0.80.`,
  ];
}
