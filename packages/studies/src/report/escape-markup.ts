/** Text made safe for HTML and SVG. Not for use inside scripts, style sheets or unquoted attributes. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * `text` with the five markup characters as entities and with the control characters that XML forbids replaced by
 * U+FFFD. Safe as element content and inside a quoted attribute.
 */
export function escapeMarkup(text: string): string {
  let safe = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const forbidden =
      (code < 32 && code !== 9 && code !== 10 && code !== 13) || (code >= 0xd800 && code <= 0xdfff);
    safe += forbidden ? '\ufffd' : (entities[character] ?? character);
  }
  return safe;
}
