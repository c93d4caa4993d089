/** The words and tables of the verdict study. Cells of tables are ready to print. */
import { countText, percentText } from '../../report/number-text.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import type { Agreement } from './agreement.js';
import { shareText } from './findings.js';
import type { VerdictAgreementSummary } from './summarize.js';

/** Agreement first, then verdict by verdict, calibration, and every net. */
export function tables(summary: VerdictAgreementSummary): readonly SummaryTable[] {
  return [agreementTable(summary), verdictTable(summary), calibrationTable(summary), netsTable(summary)];
}

function agreementTable({ nets, runs }: VerdictAgreementSummary): SummaryTable {
  const row = (name: string, agreement: Agreement) => [
    name,
    countText(agreement.failuresFound),
    countText(agreement.falseAlarms),
    countText(agreement.failuresMissed),
    countText(agreement.startsFound),
    shareText(agreement.precision),
    shareText(agreement.recall),
    shareText(agreement.accuracy),
  ];
  return {
    title: '"Will not start" against what happened',
    columns: [
      'counted by',
      'said no, did not',
      'said no, did',
      'said yes, did not',
      'said yes, did',
      'precision',
      'recall',
      'agreement',
    ],
    rows: [row('nets (majority of runs)', nets), row('runs', runs)],
  };
}

function verdictTable({ verdicts }: VerdictAgreementSummary): SummaryTable {
  const failed = verdicts.reduce((sum, { netsFailed }) => sum + netsFailed, 0);
  return {
    title: 'By verdict',
    columns: [
      'main verdict',
      'nets',
      'of these did not start',
      'share of all that did not',
      'runs',
      'runs that did not start',
      '95 % interval',
    ],
    rows: verdicts.map(({ verdict, nets, netsFailed, runsFailed }) => [
      verdict,
      countText(nets),
      `${countText(netsFailed)} (${shareText(netsFailed / nets)})`,
      shareText(failed === 0 ? null : netsFailed / failed),
      countText(runsFailed.trials),
      shareText(runsFailed.share),
      `${shareText(runsFailed.low)} to ${shareText(runsFailed.high)}`,
    ]),
  };
}

function calibrationTable({ calibration }: VerdictAgreementSummary): SummaryTable {
  return {
    title: 'Share of nets expected to start, and share that did',
    columns: ['expected', 'mean expected', 'runs', 'started', '95 % interval'],
    rows: calibration.map(({ from, to, expected, started }) => [
      `${percentText(from)} to ${percentText(to)}`,
      shareText(expected),
      countText(started.trials),
      shareText(started.share),
      `${shareText(started.low)} to ${shareText(started.high)}`,
    ]),
  };
}

function netsTable({ points }: VerdictAgreementSummary): SummaryTable {
  return {
    title: 'Every net',
    columns: [
      'initializer',
      'width',
      'depth',
      'verdicts',
      'expected to start',
      'runs',
      'reached',
      'at the cap',
      'diverged',
      'never move',
      'median epochs',
      'agrees',
    ],
    rows: points.map((point) => [
      point.initializer,
      String(point.width),
      String(point.depth),
      point.verdicts.join(', '),
      shareText(point.startingShare),
      countText(point.runs),
      countText(point.reached),
      countText(point.censored),
      countText(point.diverged),
      countText(point.neverMoves),
      point.medianEpochs === null ? '–' : String(point.medianEpochs),
      point.agrees ? 'yes' : 'no',
    ]),
  };
}

/** What the verdict is made of. */
export function sections(_: VerdictAgreementSummary): readonly ReportSection[] {
  return [
    {
      title: 'What the verdict is made of',
      paragraphs: [
        'A verdict sees widths and the initializer, no data. It asks how long the signal from the input is in the last hidden layer of a random net, in decades: the mean, Π Var(w)·fan-in/2 (failure mode 1), minus what the spread takes from a typical net, about 5S/(2 ln 10) with S = Σ 1/width (failure mode 2), with a standard deviation of about √(5S)/ln 10.',
        'A net starts when it is alive and its signal lies between two lines, which theory gives in size and this study checks; it is said not to start when more than half of the nets lie outside, and its verdicts name what takes a quarter of them or more out of that range.',
        'Where theory has no formula (asymmetric weights) random nets are measured on random inputs; how many nets are born dead is measured where its bounds leave it open.',
      ],
      tables: [],
    },
  ];
}
