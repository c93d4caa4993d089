/**
 * A name out of a file, fit for a message: at most 80 characters, and no control or formatting characters, which could rewrite what
 * a terminal shows.
 */
export function printableName(name: string): string {
  const short = name.length > 80 ? `${name.slice(0, 79)}…` : name;
  return short.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
