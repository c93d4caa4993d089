/** The tables of the study and what theory says beside them. Cells are ready to print. */
import { meanPointsText, meanShareText } from '../../report/estimate-text.js';
import { countText, numberText, shareText } from '../../report/number-text.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import { familyTitles, generators } from './generators.js';
import type { GenerateSummary } from './summarize.js';

/** What was drawn, a table a family and width; then the checkpoints. */
export function tables({ points }: GenerateSummary): readonly SummaryTable[] {
  const shown = points.filter(({ drawn }) => drawn.length > 0);
  return [
    ...shown.map(({ family, hidden, drawn }) => ({
      title: `Drawn from ${familyTitles[family]}, ${hidden} hidden units`,
      columns: [
        '',
        'accuracy',
        'of single nets',
        'distance',
        'answers that differ',
        'accuracy − checkpoints, points',
      ],
      rows: drawn.map(({ generator, accuracy, least, largest, distance, differing, loss }) => [
        generators[generator].title,
        meanShareText(accuracy),
        `${shareText(least)} to ${shareText(largest)}`,
        numberText(distance.mean, 2),
        shareText(differing.mean),
        meanPointsText(loss),
      ]),
    })),
    {
      title: 'The checkpoints',
      columns: [
        '',
        'hidden',
        'sets',
        'broken',
        'accuracy',
        'of single nets',
        'nearest / pair',
        'answers that differ',
        'matched / unmatched',
      ],
      rows: points.map((point) => [
        familyTitles[point.family],
        countText(point.hidden),
        countText(point.sets),
        countText(point.broken),
        point.trained === null ? '–' : meanShareText(point.trained),
        point.trainedRange === null
          ? '–'
          : `${shareText(point.trainedRange[0])} to ${shareText(point.trainedRange[1])}`,
        point.nearestOverPairs === null ? '–' : numberText(point.nearestOverPairs.mean, 2),
        point.differing === null ? '–' : shareText(point.differing.mean),
        point.matching === null ? '–' : numberText(point.matching.mean, 2),
      ]),
    },
  ];
}

/** What can be said before anything is drawn. */
export function sections(_: GenerateSummary): readonly ReportSection[] {
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'The units of a hidden layer can stand in any order without changing what the network computes: n! parameter vectors are one network. Trainings of two seeds end in two orders, so a law fitted number by number mixes units that have nothing to do with each other. Matching brings them into one order, as well as an assignment can.',
        'A normal law with the sample covariance of K checkpoints gives μ + Σ z_i (θ_i − μ)/√(K − 1): it never leaves their span, of K − 1 dimensions. Where checkpoints are equally far from each other, a draw leans toward some of them: of 12, the nearest is at about 0.68 of the distance among themselves, of 6 at 0.58, and only independent numbers come to 0.97. The midpoint of two is at 0.5, a copy at 0.',
        'Accuracy near 0 on the horizontal axis says nothing: it is memorized. A generator has found something where it is accurate at a distance at which noise is not. Even a large distance may be little: numbers that training hardly moves, such as the weights of pixels that are always black, make distances and decide nothing. So answers are compared, too: the share of test images that a network answers otherwise than the checkpoint that answers most like it, beside that share among checkpoints.',
      ],
      tables: [
        {
          title: 'What is drawn',
          columns: ['', 'kind', 'how'],
          rows: Object.values(generators).map(({ title, kind, meaning }) => [title, kind, meaning]),
        },
      ],
    },
  ];
}
