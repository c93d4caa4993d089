/** Words that figures, findings and tables of the study share. */
import { countOf } from '../../report/number-text.js';
import type { Estimate } from '../../statistics/bootstrap.js';

/** `after 5 epochs`. */
export function stageText(epoch: number): string {
  return `after ${countOf(epoch, 'epoch')}`;
}

/** An area to four digits behind the point: those near 1 differ there. */
export function areaText(area: number | null): string {
  return area === null ? '–' : area.toFixed(4);
}

/** With its interval, if it has one. */
export function estimateText({ value, low, high }: Estimate): string {
  if (low === null || high === null) return areaText(value);
  return `${areaText(value)} (${areaText(low)} to ${areaText(high)})`;
}
