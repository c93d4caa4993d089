/**
 * A drawing of the page as a file that needs nothing of the page: what style sheets gave it is written into it, with the
 * colors of the scheme the page is in. Variables, `currentColor` and mixed colors are resolved to plain ones, which every program reads.
 */

/** What of an element's look can come from a style sheet. */
const properties = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linejoin',
  'stroke-linecap',
  'opacity',
  'font-size',
  'font-weight',
] as const;

/** What the pointer leaves behind, and is no part of the figure. */
const passing = '.crosshair';

/**
 * The text of the SVG file.
 *
 * @param drawing an element of the page, shown
 * @param title what it shows, for who cannot see it
 */
export function standaloneSvg(drawing: SVGSVGElement, title: string): string {
  const copy = drawing.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) throw new TypeError('the copy of a drawing is a drawing');
  const colors = colorReader();
  const originals = [drawing, ...drawing.querySelectorAll('*')];
  const copies = [copy, ...copy.querySelectorAll('*')];
  for (const [i, original] of originals.entries()) {
    const target = copies[i];
    if (target !== undefined) writeLook(original, target, colors);
  }
  for (const each of copy.querySelectorAll(passing)) each.remove();
  const { width, height } = drawing.getBoundingClientRect();
  const style = getComputedStyle(drawing);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('font-family', style.fontFamily);
  copy.setAttribute('width', String(Math.round(width)));
  copy.setAttribute('height', String(Math.round(height)));
  copy.prepend(titleOf(title), groundOf(drawing, colors));
  return `${new XMLSerializer().serializeToString(copy)}\n`;
}

function writeLook(original: Element, target: Element, colors: (value: string) => string): void {
  const style = getComputedStyle(original);
  for (const name of ['class', 'style', 'role', 'aria-label', 'tabindex']) target.removeAttribute(name);
  const isText = original.localName === 'text';
  for (const property of properties) {
    if (property.startsWith('font') && !isText) continue;
    const value = style.getPropertyValue(property);
    if (value === '' || value === initial[property]) continue;
    target.setAttribute(property, property === 'fill' || property === 'stroke' ? colors(value) : value);
  }
}

/** What a program takes where nothing is said. A fill is always said: black would be wrong in the dark. */
const initial: Readonly<Partial<Record<(typeof properties)[number], string>>> = {
  'fill-opacity': '1',
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-opacity': '1',
  'stroke-dasharray': 'none',
  'stroke-linejoin': 'miter',
  'stroke-linecap': 'butt',
  opacity: '1',
};

function titleOf(text: string): Element {
  const title = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  title.textContent = text;
  return title;
}

/** The card behind the drawing: lines in light ink on nothing would not be seen on white paper. */
function groundOf(drawing: SVGSVGElement, colors: (value: string) => string): Element {
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  const card = drawing.closest('.card') ?? document.body;
  ground.setAttribute('fill', colors(getComputedStyle(card).backgroundColor));
  return ground;
}

/** Any color of CSS as `#rrggbb` or `rgba(…)`: one is painted and looked at. */
function colorReader(): (value: string) => string {
  const known = new Map<string, string>();
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return (value) => {
    if (value === 'none' || value.startsWith('url(') || context === null) return value;
    const found = known.get(value);
    if (found !== undefined) return found;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = value;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
    const hex = [red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('');
    const plain = alpha === 255 ? `#${hex}` : `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`;
    known.set(value, plain);
    return plain;
  };
}

/**
 * The same as a PNG, `scale` dots a pixel of the drawing.
 *
 * @throws Error when the browser cannot draw it
 */
export async function pngOf(svg: string, scale: number): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob === null) throw new Error('the drawing could not be made a PNG by this browser');
    return blob;
  } finally {
    URL.revokeObjectURL(address);
  }
}
