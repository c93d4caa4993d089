/** The words and tables of the trainability study. Cells of tables are ready to print. */

import { targetTitle } from '../../regression/target-titles.js';
import { countText, deviationText, numberText, shareText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import type { TrainabilitySummary } from './summarize.js';

/** Success rates beside the bound. */
export function tables({ points }: TrainabilitySummary): readonly SummaryTable[] {
  return [
    {
      title: 'Success rate beside its bound',
      columns: [
        'target',
        'width',
        'runs',
        'theory T(n, m)',
        'born with m active',
        'deviation (std. errors)',
        'succeeded',
        '95 % interval',
        'median steps',
        'diverged',
        'never move',
      ],
      rows: points.map((point) => [
        targetTitle(point.target),
        String(point.width),
        countText(point.runs),
        shareText(point.trainability),
        shareText(point.active.share),
        deviationText(readNumber(point.activeDeviation)),
        shareText(point.success.share),
        `${shareText(point.success.low)} to ${shareText(point.success.high)}`,
        point.medianSteps === null ? '–' : countText(Math.round(point.medianSteps)),
        countText(point.diverged),
        countText(point.neverMoves),
      ]),
    },
  ];
}

/** What the theory says. */
export function sections({ spec, curves }: TrainabilitySummary): readonly ReportSection[] {
  const dead = curves[0]?.deadProbability ?? Number.NaN;
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'A ReLU neuron that gives zero on the whole domain at the start gets no gradient, in a first layer for ever. With weights and biases drawn from one normal law a neuron of one input is born dead on [−r, r] with probability p = arctan(1/r)/π.',
        `Here r = √3, so p is ${numberText(dead, 5)}. The number of active neurons out of n is then binomial, and a function that needs m neurons can be learned only when there are m of them:`,
        'T(n, m) = P(Binomial(n, 1 − p) ≥ m)',
        'That is an upper bound on the success rate of any training that starts there. |x| is two ReLUs; the folded |x|, which falls from 1 at ±1 back to 0 at ±√3, is four.',
        `The two functions, the domain and gradient descent follow Shin & Karniadakis (Trainability of ReLU networks and data-dependent initialization, 2020) as recalled; the learning rate, the number of steps and the loss that counts as success (${spec.targetLoss}; with one neuron fewer the least loss that was found is 0.18 and 0.004) are ours.`,
      ],
      tables: [],
    },
  ];
}
