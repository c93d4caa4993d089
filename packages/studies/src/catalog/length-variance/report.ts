/** The words and tables of the length-variance study. Cells of tables are ready to print. */
import { countText, deviationText, numberText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import { familyTitle } from './families.js';
import type { LengthVarianceSummary } from './summarize.js';

/** E[V̂] beside theory. */
export function tables({ points }: LengthVarianceSummary): readonly SummaryTable[] {
  return [
    {
      title: 'Mean variance of lengths across layers, E[V̂]/E[L]²',
      columns: [
        'nets',
        'depth',
        'S',
        'number',
        'drawn by',
        'theory',
        'measured',
        '± std. error',
        'deviation (std. errors)',
        'typical',
        'dead',
      ],
      rows: points.map((point) => [
        familyTitle(point.family, point.width),
        String(point.depth),
        numberText(point.sumReciprocalWidths),
        countText(point.nets),
        point.method === 'exact-law' ? 'exact law' : 'matrices',
        point.predicted === null ? '–' : numberText(readNumber(point.predicted)),
        point.measured === null ? 'says nothing' : numberText(readNumber(point.measured)),
        numberText(readNumber(point.standardError), 2),
        point.deviation === null ? '–' : deviationText(readNumber(point.deviation)),
        point.typical === null ? '–' : numberText(readNumber(point.typical)),
        countText(point.deadNets),
      ]),
    },
  ];
}

/** What the theory says. */
export function sections(_: LengthVarianceSummary): readonly ReportSection[] {
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'Failure mode 2: even where the mean length is kept, the lengths of one net may scatter wildly from layer to layer. For fully connected nets with Gaussian weights of variance 2/fan-in and zero biases, with a_j = Π_{i≤j} (1 + 5/n_i),',
        'E[V̂] = (1/d) Σ a_j − (1/d²) Σ (2(d − j) + 1) a_j,',
        'which is exponential in S = Σ 1/n_j (Hanin & Rolnick, 2018, Theorem 3; the formula is exact). At one S it depends a little on the width.',
        'So that nets whose lengths grow before they stay can be compared, it is told in proportion to E[L]², L = (1/d) Σ M_j, which is 1 for these nets.',
        'A residual net adds η_l times a module to its stream. With modules of one ReLU layer lengths stay bounded when Σ η_l does (Theorem 2), and then failure mode 2 cannot occur (Theorem 4); with modules that end in a linear layer Σ η_l² decides, factors of modules are independent, and E[V̂] is exact, too.',
      ],
      tables: [],
    },
    {
      title: 'How it is measured',
      paragraphs: [
        'Lengths of fully connected Gaussian nets are drawn by their exact law, M_j/M_j−1 = (2/n_j) χ²_K with K binomial, without matrices; records say so. Residual nets are drawn with all their matrices.',
        'Where the standard error that theory predicts for a mean over so many nets is more than half of E[V̂] (for residual nets: the sample’s), the mean is not told: the nets that make it are too rare to be among those drawn.',
      ],
      tables: [],
    },
  ];
}
