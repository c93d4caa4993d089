/** The words and tables of figure 4. Cells of tables are ready to print. */
import { curveTitle } from '../../lengths/curve-style.js';
import { curveOf, initializersOf } from '../../lengths/reading.js';
import { countText, deviationText, numberText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import { measuredGain } from './findings.js';
import { gainOf } from './nets.js';
import type { Figure4Point, Figure4Summary } from './summarize.js';

/** Lengths beside theory, and what a layer does. */
export function tables({ points }: Figure4Summary): readonly SummaryTable[] {
  const rows = <Row>(row: (point: Figure4Point) => Row) =>
    initializersOf(points).flatMap((initializer) => curveOf(points, initializer).map(row));
  return [
    {
      title: 'Length M_d / M_0: theory, simulation, and what most nets have',
      columns: [
        'initializer',
        'depth',
        'channels',
        'nets',
        'theory E[M_d]',
        'mean over nets',
        'typical',
        'dead',
      ],
      rows: rows((point) => [
        curveTitle(point.initializer),
        String(point.depth),
        String(point.channels),
        countText(point.trials),
        numberText(readNumber(point.predictedLength)),
        meanText(point),
        point.typicalLength === null ? '–' : numberText(readNumber(point.typicalLength)),
        countText(point.deadTrials),
      ]),
    },
    ...(points.some(({ meanStep }) => meanStep !== null)
      ? [
          {
            title: 'Mean factor a layer behind the first',
            columns: [
              'initializer',
              'depth',
              'theory',
              'measured',
              '± std. error',
              'deviation (std. errors)',
              'layers',
            ],
            rows: rows((point) => [
              curveTitle(point.initializer),
              String(point.depth),
              numberText(gainOf(point, 2), 4),
              numberText(measuredGain(point) ?? Number.NaN, 4),
              numberText(gainOf(point, 2) * readNumber(point.meanStep?.standardError ?? null), 2),
              deviationText(readNumber(point.meanStep?.deviation ?? null)),
              countText(point.meanStep?.layers ?? 0),
            ]),
          },
        ]
      : []),
  ];
}

/** The mean with its bound of an error, where that leaves it a meaning. */
function meanText({ deviation, sampleMean, meanLengthError }: Figure4Point): string {
  if (deviation === null) return 'says nothing';
  return `${numberText(readNumber(sampleMean))} ± ${numberText(readNumber(meanLengthError), 2)}`;
}

/** What the theory says, and what can be measured of it. */
export function sections(_: Figure4Summary): readonly ReportSection[] {
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'A convolution is a full connection of every window: with fan-in = input channels × kernel area, the mean square of the channels at a pixel has the expectation',
        'E[m_j(p)] = g · (1/k²) Σ E[m_j−1(q)] over the window of p,  g = Var(w) · fan-in / 2',
        'He’s variance, 2/fan-in, is again the only one with g = 1 (Hanin & Rolnick, 2018). With circular padding the mean over pixels is then kept exactly; with zero padding windows at the border see zeros, and a little is lost in every layer; without padding the image shrinks toward its middle. The lines follow this recursion for the very image.',
        'Kernels, channels, image size and the absence of pooling are recalled from the paper’s figure; padding, image and counts are ours.',
      ],
      tables: [],
    },
    {
      title: 'What so few nets can tell',
      paragraphs: [
        'Channels play the part of widths: E[M_d²] ≤ E[M_d]² Π (1 + 5/C_j). With a tenth as many channels as layers Σ 1/C_j is 10 at every depth from 10 on, the mean is carried by nets too rare to be drawn, and a mean over 1,000 nets says nothing of it: that is failure mode 2. A mean is told only where the bound leaves it a relative standard error of at most one half.',
        'With circular padding M_j/(g_j M_j−1) has the mean 1 whatever happened before, and a small variance (at most 5/C_j). Its mean over all layers of all nets checks the recursion at any depth; to the power of the depth it gives the points of the figure. A layer that dies counts as a factor of 0, layers behind it do not count.',
      ],
      tables: [],
    },
  ];
}
