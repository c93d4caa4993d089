/** The words and tables of figure 3. Cells of tables are ready to print. */
import { countText, numberText } from '../../report/number-text.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import { epochsText } from '../../training/epochs-words.js';
import { estimateText } from './findings.js';
import { patternTitle } from './patterns.js';
import type { Figure3Summary } from './summarize.js';

/** Epochs by depth, the collapse, the patterns at equal depth. */
export function tables(summary: Figure3Summary): readonly SummaryTable[] {
  return [epochsTable(summary), ...collapseTable(summary), ...ratioTable(summary)];
}

function epochsTable({ points, spec }: Figure3Summary): SummaryTable {
  const depths = [...spec.depths].sort((a, b) => a - b);
  return {
    title: 'Median epochs to the target accuracy',
    columns: ['widths', 'S a layer', ...depths.map((depth) => `depth ${depth}`)],
    rows: spec.patterns.map((name) => {
      const own = points.filter(({ pattern }) => pattern === name);
      const [first] = own;
      return [
        patternTitle(name),
        first === undefined ? '–' : numberText(first.sumReciprocalWidths / first.depth),
        ...depths.map((depth) => {
          const point = own.find((candidate) => candidate.depth === depth);
          return point === undefined ? '–' : epochsText(point, spec.maxEpochs);
        }),
      ];
    }),
  };
}

function collapseTable({ collapse }: Figure3Summary): readonly SummaryTable[] {
  if (collapse === null) return [];
  const { bySum, byDepth, advantage, byOwnRuns } = collapse;
  return [
    {
      title: 'How much of the scatter of log epochs is foretold (R², 95 % interval)',
      columns: ['foretold by', 'R²'],
      rows: [
        ['other patterns at the same S', estimateText(bySum)],
        ['other patterns at the same depth', estimateText(byDepth)],
        ['difference', estimateText(advantage)],
        ['other runs of the same point', byOwnRuns === null ? '–' : byOwnRuns.toFixed(2)],
      ],
    },
  ];
}

function ratioTable({ ratios }: Figure3Summary): readonly SummaryTable[] {
  const [first] = ratios;
  if (first === undefined) return [];
  return [
    {
      title: `Epochs at equal depth, in proportion to ${patternTitle(first.reference)}`,
      columns: ['widths', 'ratio (95 % interval)', 'depths'],
      rows: ratios.map(({ pattern, ratio, depths }) => [
        patternTitle(pattern),
        estimateText(ratio),
        depths.map(countText).join(', '),
      ]),
    },
  ];
}

/** What the theory says, and how the collapse is measured. */
export function sections(_: Figure3Summary): readonly ReportSection[] {
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'He normal keeps the mean length of every layer, whatever the widths. What is left is failure mode 2: lengths of one net scatter from layer to layer, and theory bounds their scatter by one number of the widths (Hanin & Rolnick, 2018, Theorems 3 and 5; the formula is exact for Gaussian weights):',
        'E[M_d²] = M_0² Π (1 + 5/n_j) ≈ M_0² exp(5 S),  S = Σ 1/n_j',
        'A typical net shrinks like exp(−5S/2), too, though the mean does not. So nets of the same S should start alike, however their widths are spread, and nets of a smaller S sooner. Layers of 30 and 10 in equal numbers have the S of as many layers of 15: 1/30 + 1/10 = 2/15. Layers of 20 have three quarters of that.',
        'That the five patterns train so is published; their widths and the training settings are recalled, and the depths are ours.',
      ],
      tables: [],
    },
    {
      title: 'How the collapse is measured',
      paragraphs: [
        'For every pattern, a non-decreasing curve is fitted to the log epochs of all runs of the other patterns, once against S and once against depth, and asked for this pattern’s runs. R² is the share of the scatter of all log epochs that it foretells so; a curve that has seen a pattern’s runs could follow chance. A run that did not reach the target counts as the cap; nets that died and can never move are left out, as their number depends on Σ 2⁻ⁿ and not on S. Intervals come from drawing the runs of every point again, 1,000 times.',
        'Between single runs of one point there is much chance, so R² is far from 1 even where S says all there is to say: the other runs of the same point mark what can be foretold at all.',
      ],
      tables: [],
    },
  ];
}
