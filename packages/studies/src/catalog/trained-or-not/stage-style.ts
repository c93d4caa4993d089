/** How the curves of the stages look: a color a stage, dashed where weight matrices stand alone. */
import { type SeriesStyle, seriesColors, theoryStyle } from '../../figures/series-style.js';

const colors = [seriesColors.amber, seriesColors.green, seriesColors.blue];

/** The look of a stage. @param index 0 for the first one after the start */
export function stageStyle(index: number): SeriesStyle {
  const color = colors[index % colors.length] ?? seriesColors.gray;
  return { className: `stage-${index}`, ...color, symbol: 'circle', filled: true };
}

/** Of what holds for every stage. */
export const anyStageStyle = theoryStyle;
