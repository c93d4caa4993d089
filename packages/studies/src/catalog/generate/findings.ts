/** What the study says, in sentences, the most important first. */
import { meanShareText } from '../../report/estimate-text.js';
import { countOf, countText, numberText, shareText } from '../../report/number-text.js';
import { type CheckpointFamily, familyTitles, type GeneratorName, generators } from './generators.js';
import type { DrawnPoint, GeneratePoint, GenerateSummary } from './summarize.js';

/** The findings of a summary. */
export function findings(summary: GenerateSummary): readonly string[] {
  const shown = summary.points.filter(({ trained }) => trained !== null);
  return [
    ...shown.flatMap(bestDrawn),
    ...shown.flatMap(matchingSays),
    ...shown.map(memorySays),
    setsSentence(summary),
  ];
}

const where = ({ family, hidden }: GeneratePoint) =>
  `${capital(placeOf[family])} (${countText(hidden)} hidden units)`;
const placeOf: Readonly<Record<CheckpointFamily, string>> = {
  run: `from ${familyTitles.run}`,
  seeds: `from ${familyTitles.seeds}`,
};
const capital = (text: string) => text.replace(/^./, (first) => first.toUpperCase());

function find({ drawn }: GeneratePoint, name: GeneratorName): DrawnPoint | undefined {
  return drawn.find(({ generator }) => generator === name);
}

const told = ({ generator, accuracy, distance }: DrawnPoint) =>
  `${generators[generator].title} ${meanShareText(accuracy)} at a distance of ${numberText(distance.mean, 2)}`;

/** How much its answers are its own. */
function answersText({ differing }: DrawnPoint, among: GeneratePoint['differing']): string {
  const own = `${shareText(differing.mean)} of its answers differ from the most alike checkpoint’s`;
  return among === null ? own : `${own} (among checkpoints ${shareText(among.mean)})`;
}

/** The best law beside the checkpoints, and beside noise that is as far away. */
function bestDrawn(point: GeneratePoint): readonly string[] {
  const laws = point.drawn.filter(({ generator }) => generators[generator].kind === 'generator');
  const [first, ...others] = laws;
  if (first === undefined || point.trained === null) return [];
  const best = others.reduce((most, next) => (next.accuracy.mean > most.accuracy.mean ? next : most), first);
  const noise = find(point, 'noise');
  const beside = noise === undefined ? '' : `; ${told(noise)}`;
  return [
    `${where(point)} the best law is ${told(best)}: ${answersText(best, point.differing)}; the checkpoints have ${meanShareText(point.trained)}${beside}; distance 1 is that of checkpoints from each other.`,
  ];
}

/** What an order of the units is worth. */
function matchingSays(point: GeneratePoint): readonly string[] {
  const pairs = (['span', 'independent', 'midpoint', 'average'] as const).flatMap((name) => {
    const [plain, matched] = [find(point, name), find(point, `matched-${name}`)];
    return plain === undefined || matched === undefined
      ? []
      : [
          `${generators[name].title} from ${shareText(plain.accuracy.mean)} to ${shareText(matched.accuracy.mean)}`,
        ];
  });
  if (pairs.length === 0 || point.matching === null) return [];
  return [
    `Matching the hidden units (${countText(point.hidden)}) multiplies the distances of two seeds by ${numberText(point.matching.mean, 2)} and takes the accuracy of ${pairs.join(', ')}.`,
  ];
}

/** What copies and single laws show. */
function memorySays(point: GeneratePoint): string {
  const [copy, shuffled, fresh] = [find(point, 'copy'), find(point, 'shuffled'), find(point, 'fresh')];
  const parts = [copy, shuffled, fresh].flatMap((drawn) => (drawn === undefined ? [] : [told(drawn)]));
  return `${where(point)}, for comparison: ${parts.join('; ')}.`;
}

function setsSentence({ points, spec }: GenerateSummary): string {
  const sets = points.reduce((sum, point) => sum + point.sets, 0);
  const broken = points.reduce((sum, point) => sum + point.broken, 0);
  const lost = broken === 0 ? 'no training broke' : `in ${countText(broken)} more a training broke`;
  return `${countOf(sets, 'set')} of ${countOf(spec.checkpoints, 'checkpoint')}; ${lost}.`.replace(
    /^./,
    (first) => first.toUpperCase(),
  );
}
