/** The initializers of figure 1's curves. */
import {
  type Figure1InitializerName,
  figure1InitializerNames,
  isFigure1InitializerName,
} from '@kindling/studies';
import { UsageError } from '../usage-error.js';
import { suggestion } from './nearest-names.js';

/**
 * Reads names separated by commas; in the figure's order, each once, so that one wish has one spec.
 *
 * @throws UsageError for an unknown name, with the nearest ones
 */
export function parseInitializers(text: string): readonly Figure1InitializerName[] {
  const chosen = new Set<Figure1InitializerName>();
  for (const name of text.split(',').map((item) => item.trim())) {
    if (!isFigure1InitializerName(name)) {
      throw new UsageError(
        `--inits: there is no initializer "${name}"; ${suggestion(name, figure1InitializerNames)} ("kindling initializers" tells what each delivers)`,
      );
    }
    chosen.add(name);
  }
  return figure1InitializerNames.filter((name) => chosen.has(name));
}
