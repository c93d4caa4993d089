/** Text from outside, fit to be shown. */

/** Text without control and formatting characters, line separators and halves of characters; each becomes a question mark. */
export function printableText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '?');
}
