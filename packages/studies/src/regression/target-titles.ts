/** How the functions of the small regressions are called in figures and tables: short formulas. */
const titles: Readonly<Record<string, string>> = {
  absolute: '|x|',
  folded: 'folded |x|',
  'x-sin-5x': 'x sin 5x',
  'step-sine': 'step + 0.2 sin 5x',
  'absolute-pair': '[|x₁+x₂|, |x₁−x₂|]',
};

/** The title of a target function; a name that is not known is returned as it is. */
export function targetTitle(name: string): string {
  return titles[name] ?? name;
}
