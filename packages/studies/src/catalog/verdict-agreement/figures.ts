/** The figures of the verdict study. */

import { affine, frame } from '../../figures/figure-frame.js';
import { pixelFigure } from '../../figures/pixel-figure.js';
import { intervalMarks, lineMark } from '../../figures/pixel-marks.js';
import { type SeriesStyle, seriesColors, theoryStyle } from '../../figures/series-style.js';
import { shareAxis } from '../../figures/value-axes.js';
import { percentText } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import type { VerdictAgreementSummary } from './summarize.js';
import { tileFigure } from './tile-figure.js';

/** Verdict over outcome for every net, and expected against measured shares. */
export function figures(summary: VerdictAgreementSummary): readonly Figure[] {
  return [tileFigure(summary), calibrationFigure(summary)];
}

const measuredStyle: SeriesStyle = {
  className: 'series-measured',
  ...seriesColors.blue,
  symbol: 'circle',
  filled: true,
};

function calibrationFigure(summary: VerdictAgreementSummary): Figure {
  const caption =
    'Nets of the grid by the share of random nets that the diagnosis expects to start: the share of their runs that did, with 95 % intervals ' +
    '(runs of one net are not independent draws of the grid). On the diagonal, expectation and outcome agree.';
  return pixelFigure(
    { name: 'verdict-calibration', title: 'Expected to start, and started', caption },
    () => {
      const shares = shareAxis();
      const across = affine([0, 1], [frame.left + 20, frame.right - 20]);
      const points = summary.calibration.map(({ expected, started }) => ({
        x: across(expected),
        y: shares.place(started.share),
        from: shares.place(started.low),
        to: shares.place(started.high),
      }));
      const diagonal = [0, 1].map((share) => ({ x: across(share), y: shares.place(share) }));
      return {
        x: {
          title: [{ text: 'share of nets expected to start' }],
          ticks: [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => ({ at: across(share), text: percentText(share) })),
        },
        y: { title: [{ text: 'share of runs that started' }], ticks: shares.ticks },
        marks: [
          lineMark(diagonal, theoryStyle, { strokeWidth: 1.2, strokeDasharray: '4 4' }),
          ...intervalMarks(points, measuredStyle),
        ],
        texts: [],
        labels: [
          {
            y: shares.place(1),
            heading: null,
            series: [{ title: 'as expected', style: theoryStyle, sample: 'line' as const }],
          },
          {
            y: points.at(-1)?.y ?? frame.bottom,
            heading: null,
            series: [{ title: 'runs, 95 % interval', style: measuredStyle }],
          },
        ],
        styles: [theoryStyle, measuredStyle],
      };
    },
  );
}
