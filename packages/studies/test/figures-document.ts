/** A DOM document in Node: linkedom, which the command line brings along for drawing. */
import { createRequire } from 'node:module';

interface Linkedom {
  parseHTML(html: string): { readonly document: Document };
}

const require = createRequire(new URL('../../../apps/cli/package.json', import.meta.url));

/** A fresh, empty document. */
export function emptyDocument(): Document {
  const linkedom = require('linkedom') as Linkedom;
  return linkedom.parseHTML('<!doctype html><html><body></body></html>').document;
}

/** Checks that every element is closed in order and every attribute quoted; returns how often each tag name occurs. */
export function tagCounts(markup: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const open: string[] = [];
  const rest = markup.replace(
    /<(\/?)([a-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_, close, name, __, alone) => {
      if (close) {
        const last = open.pop();
        if (last !== name) throw new Error(`</${name}> closes <${last}>`);
      } else {
        counts.set(name, (counts.get(name) ?? 0) + 1);
        if (!alone) open.push(name);
      }
      return '';
    },
  );
  if (open.length > 0) throw new Error(`not closed: ${open.join(' ')}`);
  if (/[<>]/.test(rest.replace(/\s>|> /g, '')))
    throw new Error(`stray markup: ${/.{0,40}[<>].{0,40}/.exec(rest)?.[0]}`);
  return counts;
}
