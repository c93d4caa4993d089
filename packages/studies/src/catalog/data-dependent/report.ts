/** The words and tables of the data-dependent study. Cells of tables are ready to print. */

import { initializerTitle } from '../../regression/compared-initializers.js';
import { targetTitle } from '../../regression/target-titles.js';
import { countText, numberText, shareText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import type { DataDependentSummary } from './summarize.js';

/** The loss at the start, half-way and at the end, and dead neurons. */
export function tables({ curves }: DataDependentSummary): readonly SummaryTable[] {
  const epochs = curves[0]?.epochs ?? [];
  const places = [
    ...new Set([
      0,
      Math.floor((epochs.length - 1) / 10),
      Math.floor((epochs.length - 1) / 2),
      epochs.length - 1,
    ]),
  ];
  return [
    {
      title: 'Median loss by epoch',
      columns: [
        'target',
        'initializer',
        'runs',
        ...places.map((i) => `epoch ${countText(epochs[i] ?? 0)}`),
        'middle two thirds at the end',
        'diverged',
      ],
      rows: curves.map((curve) => [
        targetTitle(curve.target),
        initializerTitle(curve.initializer),
        countText(curve.runs),
        ...places.map((i) => numberText(readNumber(curve.medianLoss[i] ?? Number.NaN), 2)),
        `${numberText(readNumber(curve.lowerLoss.at(-1) ?? Number.NaN), 2)} to ${numberText(readNumber(curve.upperLoss.at(-1) ?? Number.NaN), 2)}`,
        countText(curve.diverged),
      ]),
    },
    {
      title: 'Neurons that are dead on the data',
      columns: ['target', 'initializer', 'neurons', 'born dead', 'share', 'theory', 'dead at the end'],
      rows: curves.map((curve) => [
        targetTitle(curve.target),
        initializerTitle(curve.initializer),
        countText(curve.neurons),
        countText(curve.bornDead),
        shareText(curve.bornDead / curve.neurons),
        curve.predictedDead === null ? '–' : shareText(curve.predictedDead),
        shareText(curve.meanDeadAtEnd),
      ]),
    },
  ];
}

/** What the theory says. */
export function sections(_: DataDependentSummary): readonly ReportSection[] {
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'A neuron that is zero at every point of the data gets no gradient and stays zero: it is lost. With zero biases no neuron is dead on data to both sides of zero, but all of them bend at zero and nowhere else; with random biases some are dead.',
        'Data-dependent initialization (Shin & Karniadakis, 2020) draws a weight vector w, chooses a data point x for the neuron (in turn, or at random) and sets',
        'b = −w·x + |e|, with e normal',
        'so that the neuron is active at its point for certain and bends near it. The output weights are scaled so that the mean square of the outputs is that of the targets.',
        'A net with one neuron fewer than there are points can fit all of them exactly; the nets here have about twice as many, so what the loss comes to is a matter of training alone. The function of two inputs bends on two lines through zero, where He’s neurons without biases all bend: it suits them, as the others do not.',
        'That data-dependent and He initialization with and without biases are compared by their loss against epochs follows the paper as recalled; functions, points, widths and the optimizer are ours.',
      ],
      tables: [],
    },
  ];
}
