/** The words and tables of the dying-ReLU study. Cells of tables are ready to print. */

import { initializerTitle } from '../../regression/compared-initializers.js';
import { targetTitle } from '../../regression/target-titles.js';
import { countText, numberText, shareText } from '../../report/number-text.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import type { DyingReluPoint, DyingReluSummary } from './summarize.js';

/** Collapse beside birth, and what the training came to. */
export function tables({ points }: DyingReluSummary): readonly SummaryTable[] {
  return [
    {
      title: 'Born dead, and constant after training',
      columns: [
        'target',
        'initializer',
        'layers × width',
        'runs',
        'born dead',
        'theory',
        'collapsed',
        '95 % interval',
        'died in training',
        'learned',
        'median loss alive',
        'diverged',
      ],
      rows: points.map((point) => [
        targetTitle(point.target),
        initializerTitle(point.initializer),
        `${point.hiddenLayers} × ${point.width}`,
        countText(point.runs),
        shareText(point.bornDead.share),
        boundsText(point),
        shareText(point.collapsed.share),
        `${shareText(point.collapsed.low)} to ${shareText(point.collapsed.high)}`,
        countText(point.diedInTraining),
        countText(point.learned),
        point.medianLoss === null ? '–' : numberText(point.medianLoss),
        countText(point.diverged),
      ]),
    },
  ];
}

function boundsText({ bornDeadLower: lower, bornDeadUpper: upper }: DyingReluPoint): string {
  if (upper === null) return '–';
  if (upper === 0) return 'never';
  return lower === null ? `≤ ${shareText(upper)}` : `${shareText(lower)} to ${shareText(upper)}`;
}

/** What the theory says. */
export function sections(_: DyingReluSummary): readonly ReportSection[] {
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'A layer of N neurons with weights (and biases) symmetric about zero gives zero for a given input with probability 2⁻ᴺ, whatever the layers before it do. One such layer makes the net a constant for that input; when it does so for all inputs, the net is born dead: no gradient passes, and no training can bring it back.',
        'Over d hidden layers that bounds the probability of being born dead from above; for one input and zero biases there is a lower bound too (Lu, Shin, Su & Karniadakis, Dying ReLU and initialization, 2020):',
        'P(born dead) ≤ 1 − (1 − 2⁻ᴺ)^d',
        'Randomized asymmetric initialization (RAI) gives every neuron one positive weight or bias, so fewer layers are born dead; data-dependent initialization (Shin & Karniadakis, 2020), applied here layer by layer, gives every neuron a data point at which it is active, so none is.',
        'Published: more than 90 % of 1,000 trainings of ten layers of width 2 on |x| collapse. Reported second-hand, for He and RAI: 91.9 % and 29.2 % on x sin 5x, 93.8 % and 32.6 % on step + 0.2 sin 5x, 76.8 % and 9.6 % on the function of two inputs. Adam at a rate of 0.001 is recalled from there; points, batches and steps are ours, and so are twenty layers of width 4 for the function of two inputs.',
      ],
      tables: [],
    },
  ];
}
