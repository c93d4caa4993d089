/**
 * A figure as the text of a standalone SVG file. The tree is written out here, node by node, rather than by the
 * document's own serializer: those differ (quoting, self-closing, name case), and the same summary must give the same
 * bytes on every document. Promises nothing for trees with namespaced attributes or CDATA; figures have neither.
 */
import type { Figure } from '../study.js';
import { escapeMarkup } from './escape-markup.js';

const textNode = 3;
const elementNode = 1;

/**
 * Draws `figure` with `document` and returns the SVG file's text, ending in a newline.
 *
 * @param figure what to draw
 * @param document a DOM document: the page's own, or one parsed by linkedom
 */
export function svgText(figure: Figure, document: Document): string {
  const parts: string[] = [];
  write(figure.render(document), parts);
  return `${parts.join('')}\n`;
}

function write(node: Node, parts: string[]): void {
  if (node.nodeType === textNode) {
    parts.push(escapeMarkup(node.nodeValue ?? ''));
    return;
  }
  if (node.nodeType !== elementNode) return;
  const element = node as Element;
  const name = element.localName;
  const attributes = Array.from(
    element.attributes,
    (attribute) => [attribute.name, attribute.value] as const,
  );
  attributes.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  parts.push('<', name);
  for (const [key, value] of attributes) parts.push(' ', key, '="', escapeMarkup(value), '"');
  if (element.childNodes.length === 0) {
    parts.push('/>');
    return;
  }
  parts.push('>');
  for (const child of Array.from(element.childNodes)) write(child, parts);
  parts.push('</', name, '>');
}
