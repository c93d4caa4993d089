/** Saves what the page shows as files: the drawing of lengths, and the numbers of lengths and trainings. */
import type { LengthCurves } from '../../charts/lengths-drawing.js';
import type { PanelProps } from '../../panels.js';
import { lengthCurves } from '../lengths/length-curves.js';
import { describeLengths } from '../lengths/length-words.js';
import { lengthsCsv, trainingCsv } from './csv.js';
import { saveFile } from './save-file.js';
import { pngOf, standaloneSvg } from './standalone-svg.js';

/** Dots a pixel of a PNG: sharp on paper and on any screen. */
const pngScale = 2;

/** The drawing as SVG. */
export async function saveSvg(props: PanelProps): Promise<void> {
  saveFile('kindling-lengths.svg', drawingOf(props));
}

/** The drawing as PNG. Rejects where the browser cannot draw it. */
export async function savePng(props: PanelProps): Promise<void> {
  saveFile('kindling-lengths.png', await pngOf(drawingOf(props), pngScale));
}

/** Lengths of every configuration, a line a layer. */
export async function saveLengths(props: PanelProps): Promise<void> {
  saveFile('kindling-lengths.csv', lengthsCsv(props.state.question.peek(), curvesOf(props)));
}

/** Trainings that have begun, a line an epoch. */
export async function saveTraining({ state, trainings }: PanelProps): Promise<void> {
  saveFile('kindling-training.csv', trainingCsv(state.question.peek(), trainings.trainings.peek()));
}

function curvesOf({ state, jobs }: PanelProps): readonly LengthCurves[] {
  const [question, findings] = [state.question.peek(), jobs.findings.peek()];
  return lengthCurves({ question, findings, selected: state.selected.peek(), before: state.before.peek() });
}

/** As it stands on the page, which has measured and placed it. */
function drawingOf(props: PanelProps): string {
  const found = document.querySelector('#lengths .lengths-chart svg');
  if (!(found instanceof SVGSVGElement)) throw new Error('there is no drawing of lengths to save yet');
  const own = curvesOf(props).find(({ selected }) => selected);
  return standaloneSvg(found, own === undefined ? 'Length by layer' : describeLengths(own));
}
