/** The words and tables of the synthesis study. Cells of tables are ready to print. */
import { targetTitle } from '../../regression/target-titles.js';
import { countText, numberText, shareText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import type { Spread, SynthesisSummary } from './summarize.js';
import { capacityTitle, methodTitle } from './titles.js';

function spreadText({ median, least, most }: Spread, text: (value: number) => string): string {
  const [middle, low, high] = [median, least, most].map((value) => text(readNumber(value)));
  return low === high ? `${middle}` : `${middle} (${low} to ${high})`;
}

/** Errors by method and width; zero loss by width. */
export function tables({ fits, capacity }: SynthesisSummary): readonly SummaryTable[] {
  const error = (value: number) => numberText(value, 2);
  return [
    {
      title: 'Functions: root mean squared errors, medians and ranges over the runs',
      columns: ['function', 'method', 'width', 'runs', 'on the points', 'between them', 'operations'],
      rows: fits
        .filter(({ images }) => !images)
        .map((fit) => [
          targetTitle(fit.task),
          methodTitle(fit.method),
          countText(fit.width),
          countText(fit.runs),
          spreadText(fit.trainError, error),
          spreadText(fit.testError, error),
          numberText(fit.operations, 2),
        ]),
    },
    {
      title: 'Images: shares that are wrong',
      columns: ['data', 'method', 'width', 'runs', 'training images', 'test images', 'operations'],
      rows: fits
        .filter(({ images }) => images)
        .map((fit) => [
          fit.task,
          methodTitle(fit.method),
          countText(fit.width),
          countText(fit.runs),
          spreadText(fit.trainError, shareText),
          spreadText(fit.testError, shareText),
          numberText(fit.operations, 2),
        ]),
    },
    {
      title: 'Zero loss by width',
      columns: [
        'data',
        'width',
        'trainings',
        'reached',
        '95 % interval',
        'kinks forced, mean',
        'impossible',
        'of these reached',
      ],
      rows: capacity.map((point) => [
        capacityTitle(point.data),
        countText(point.width),
        countText(point.reached.trials),
        shareText(point.reached.share),
        `${shareText(point.reached.low)} to ${shareText(point.reached.high)}`,
        numberText(point.meanNeeded),
        countText(point.impossible),
        countText(point.reachedImpossible),
      ]),
    },
  ];
}

/** What the theory says. */
export function sections({ spec }: SynthesisSummary): readonly ReportSection[] {
  const m = spec.capacityPoints;
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'One hidden layer of m − 1 ReLU units passes through any m points of different x: with the kinks at the points but the last, the equations are triangular (Shin & Karniadakis, 2020, on over-parameterization).',
        'f(x) = c + Σ a_i·ReLU(x − x_i), i < m',
        'From below: a net of width n has at most n kinks. Where the line through the points turns upward at point i, f must turn upward strictly between its neighbors, and likewise downward; points of one sense that are not neighbors have places of their own. So a run of r neighboring turns of one sense forces ⌈r/2⌉ kinks, and a net with fewer units than the sum over runs cannot have zero loss, however it is trained.',
        `Numbers that go up and down in turn force m − 2 kinks, here ${m - 2}; convex ones about half as many. Between that number and m − 1 it depends on the data: a net also has to get its slope on the left from one of its kinks.`,
        'Whether training finds a net that exists is another question, and the one measured here. Random features keep a random hidden layer and solve the output layer by least squares with a small ridge: no step is taken, and the price is Cholesky’s, width³/3, and one pass over the data.',
        'Operations are multiplications and additions to the leading orders; there is no clock in a record.',
      ],
      tables: [],
    },
  ];
}
