/** The tables of the study and what theory says beside them. Cells are ready to print. */
import { permutationText } from '../../report/estimate-text.js';
import { countOf, countText, exponentialText, numberText, percentText } from '../../report/number-text.js';
import type { ReportSection } from '../../report/report-section.js';
import type { PermutationTest } from '../../statistics/permutation-test.js';
import type { SummaryTable } from '../../study.js';
import { aspectTitles, lawAspects } from '../../weight-laws/law-distance.js';
import { taskTitle } from '../../weight-laws/tasks.js';
import { zooArchitectures } from '../../zoo/architectures.js';
import type { WeightLawSummary } from './summarize.js';

/** Tests by architecture, by two tasks, by layer; then the layers' scales and tails. */
export function tables(summary: WeightLawSummary): readonly SummaryTable[] {
  const all = [
    testsTable(summary),
    pairsTable(summary),
    layersTable(summary),
    momentsTable(summary),
    netsTable(summary),
  ];
  return all.filter(({ rows }) => rows.length > 0);
}

const title = (name: keyof typeof zooArchitectures) => zooArchitectures[name].title;
const ratio = (test: PermutationTest) => (test.ratio === null ? '–' : numberText(test.ratio, 3));
const nearest = ({ nearest: { share }, chance }: PermutationTest) =>
  `${percentText(share)} (${percentText(chance)})`;

function testsTable({ architectures, between }: WeightLawSummary): SummaryTable {
  const row = (name: string, aspect: string, state: string, test: PermutationTest) => [
    name,
    aspect,
    state,
    numberText(test.within, 3),
    numberText(test.between, 3),
    ratio(test),
    permutationText(test),
    nearest(test),
  ];
  return {
    title: 'Do laws differ? Between data within an architecture; last, between architectures within data',
    columns: [
      'architecture',
      'distance of',
      'nets',
      'within',
      'between',
      'ratio',
      'p',
      'told by the nearest (chance)',
    ],
    rows: [
      ...architectures.flatMap(({ architecture, tests }) =>
        (tests ?? []).flatMap(({ aspect, fresh, trained, update }) => [
          row(title(architecture), aspectTitles[aspect], 'fresh', fresh),
          row(title(architecture), aspectTitles[aspect], 'trained', trained),
          row(title(architecture), aspectTitles[aspect], 'added by training', update),
        ]),
      ),
      ...(between === null
        ? []
        : [
            row('all', 'marginal of the whole net', 'fresh', between.fresh),
            row('all', 'marginal of the whole net', 'trained', between.trained),
            row('all', 'marginal of the whole net', 'added by training', between.update),
          ]),
    ],
  };
}

function pairsTable({ architectures, spec }: WeightLawSummary): SummaryTable {
  const name = (index: number) => {
    const task = spec.tasks[index];
    return task === undefined ? '' : taskTitle(spec, task);
  };
  return {
    title: 'Two tasks alone, trained nets: ratio of distances, p',
    columns: ['architecture', 'task', 'and', ...lawAspects.map((aspect) => aspectTitles[aspect])],
    rows: architectures.flatMap(({ architecture, tests }) =>
      (tests?.[0]?.pairs ?? []).map(({ tasks: [a, b] }, pair) => [
        title(architecture),
        name(a),
        name(b),
        ...(tests ?? []).map(({ pairs }) => {
          const test = pairs[pair]?.test;
          return test === undefined ? '–' : `${ratio(test)}, ${permutationText(test)}`;
        }),
      ]),
    ),
  };
}

function layersTable({ architectures }: WeightLawSummary): SummaryTable {
  return {
    title: 'By layer, trained nets of all tasks: ratio of distances, p',
    columns: ['architecture', 'weights', 'size', ...lawAspects.map((aspect) => aspectTitles[aspect])],
    rows: architectures.flatMap(({ architecture, layers }) =>
      layers.map(({ name, rows, columns, tests }) => [
        title(architecture),
        name,
        `${rows} × ${columns}`,
        ...tests.map((test) => `${ratio(test)}, ${permutationText(test)}`),
      ]),
    ),
  };
}

function momentsTable({ architectures, spec }: WeightLawSummary): SummaryTable {
  return {
    title:
      'By layer: ½ log(Var · fan-in/2), 0 for He’s law, and excess kurtosis, 0 for a normal law; means over nets',
    columns: ['architecture', 'weights', 'fresh', ...spec.tasks.map((task) => taskTitle(spec, task))],
    rows: architectures.flatMap(({ architecture, layers }) =>
      layers.map(({ name, freshLogScale, freshKurtosis, logScales, kurtoses, logUpdates }) => [
        title(architecture),
        name,
        `${numberText(freshLogScale, 2)}; ${numberText(freshKurtosis, 2)}`,
        ...logScales.map(
          (scale, i) =>
            `${numberText(scale, 2)}; ${numberText(kurtoses[i] ?? Number.NaN, 2)}; ${exponentialText(logUpdates[i] ?? Number.NaN, 2)}`,
        ),
      ]),
    ),
  };
}

function netsTable({ architectures, spec }: WeightLawSummary): SummaryTable {
  return {
    title: 'Mean test accuracy, and nets that did not diverge',
    columns: ['architecture', ...spec.tasks.map((task) => taskTitle(spec, task))],
    rows: architectures.map(({ architecture, tasks }) => [
      title(architecture),
      ...tasks.map(({ nets, testAccuracy }) =>
        testAccuracy === null ? '–' : `${percentText(testAccuracy)}, ${countText(nets)}`,
      ),
    ]),
  };
}

/** What theory says, and how it was looked at. */
export function sections({ spec }: WeightLawSummary): readonly ReportSection[] {
  const tests = spec.architectures.length * lawAspects.length;
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'Training keeps the symmetries of what it starts from: units of a hidden layer may be exchanged before training, so the law of trained nets over seeds does not change under exchange either. The law of an architecture is therefore one of its marginals, scales and spectra, and not of single weights; aligned nets could show more.',
        'No theory foretells these laws for nets of this size. An iid normal matrix has a normal marginal and the spectrum of Marchenko and Pastur; a gradient is a sum of few outer products, so training adds few large singular values first. Weights at pixels that are zero in all images never move: a first layer keeps part of its initial law, more of it on MNIST than on others.',
        'Distances: Wasserstein-1 between marginals after standardization (64 quantiles), the difference of the logarithms of the scales, Wasserstein-1 between the singular values over their root mean square. They are taken layer by layer and averaged over the layers.',
        `The test: mean distance between groups less mean distance within, against ${countText(spec.permutations)} deals of the labels; no p-value can be below ${numberText(1 / (1 + spec.permutations), 2)}. There are ${countOf(tests, 'test')} of trained nets against all data at once; multiply p by ${countText(tests)} to allow for that. A ratio of 1 is no difference. That different groups scatter differently also counts as a difference.`,
        'Two controls: the same nets before training, whose law is the same on all data; and the same images with labels that mean nothing, which tell the law of the labels from that of the pixels.',
      ],
      tables: [],
    },
  ];
}
