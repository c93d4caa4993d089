/** The words and tables of the quine study. Cells of tables are ready to print. */
import { countText, numberText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import { finalRatio, middle, publishedQuine } from './findings.js';
import { methodTitle } from './methods.js';
import type { QuineSummary, Spread } from './summarize.js';

/** A median with its range. */
function spreadText(spread: Spread): string {
  const [least, most] = [readNumber(spread.least), readNumber(spread.most)];
  const median = numberText(middle(spread));
  return least === most ? median : `${median} (${numberText(least)} to ${numberText(most)})`;
}

/** Loss, ratio and norm by method. */
export function tables({ courses }: QuineSummary): readonly SummaryTable[] {
  return [
    {
      title: 'By method, medians and ranges over the runs',
      columns: [
        'method',
        'runs',
        'least L',
        'at epoch',
        'L at the end',
        'ρ at the end',
        'Σθ² at the end',
        'diverged',
      ],
      rows: courses.map((course) => [
        methodTitle(course.method),
        countText(course.runs),
        spreadText(course.bestLoss),
        numberText(course.bestEpoch),
        numberText(middle(course.losses.at(-1) ?? course.bestLoss)),
        numberText(finalRatio(course)),
        spreadText(course.norm),
        countText(course.diverged),
      ]),
    },
    {
      title: 'What was found, at the end',
      columns: ['method', 'cosine of f and its target', 'share of Σθ² in the mean', 'ρ about the mean'],
      rows: courses.map((course) => [
        methodTitle(course.method),
        spreadText(course.cosine),
        spreadText(course.meanShare),
        spreadText(course.centeredRatio),
      ]),
    },
  ];
}

/** What the theory says. */
export function sections(summary: QuineSummary): readonly ReportSection[] {
  const { initial, adamax, regeneration } = publishedQuine;
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'The net takes the number of one of its parameters, as a one-hot vector through a fixed random projection, and is to give that parameter. The projection is not among the parameters, and there are no biases (Chang & Lipson, 2018).',
        'L = Σ(f(c) − θ_c)², ρ = L/Σθ²',
        'Outputting zero gives L = Σθ², so L falls when parameters shrink, and the zero net is a perfect quine of no interest. ρ does not see the norm: it is 1 for outputs of zero and 0 for a quine. A net whose parameters are one number could do with one output; the share of Σθ² in the mean and ρ about the mean tell how much of what is found is that.',
        `Before the first step f and θ are as good as uncorrelated, so E[L] = E[Σθ²] + P·E[f²]; for weights uniform within ±1/√width and a projection of the same variance it is ${numberText(summary.predictedLoss)} here, and the published ${initial} fits that law, not He’s, whose Σθ² alone is six times as large.`,
        'With one norm that is right, regeneration alone, θ ← f(θ), is a power iteration. Its strongest direction has most of its weight in the mean of the parameters, and there the net gives the opposite sign: SELU makes the features’ mean negative, each layer of like weights passes a sign on, and what comes out has the sign that the parameters have not. So a single net settles where it outputs −θ to the last digit, and two nets settle where each outputs the other: an even cycle can hold what an odd one cannot.',
        `Published, at second hand: ${initial} at first, ${adamax} with Adamax, the best optimizer, after 100 epochs, ${regeneration} with regeneration. Batches of 10, a loss that sums over them and targets frozen for an epoch are the paper’s as far as we know; PyTorch’s rates and the law of the weights are our reading.`,
      ],
      tables: [],
    },
  ];
}
