/** Lists of initializers. */
import { type InitializerName, initializerNames, isInitializerName } from '@kindling/initializers';
import { UsageError } from '../usage-error.js';
import { suggestion } from './nearest-names.js';

/**
 * Reads names separated by commas; in the catalog's order, each once, so that one wish has one spec.
 *
 * @throws UsageError for an unknown name, with the nearest ones
 */
export function parseInitializers(text: string): readonly InitializerName[] {
  const chosen = new Set<InitializerName>();
  for (const name of text.split(',').map((item) => item.trim())) {
    if (!isInitializerName(name)) {
      throw new UsageError(
        `--inits: there is no initializer "${name}"; ${suggestion(name, initializerNames)} ("kindling list" shows all)`,
      );
    }
    chosen.add(name);
  }
  return initializerNames.filter((name) => chosen.has(name));
}
