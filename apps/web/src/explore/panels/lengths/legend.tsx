/** What the lines of the drawing mean. */
import type { LengthCurves } from '../../charts/lengths-drawing.js';

const samples: readonly (readonly [name: string, className: string, text: string])[] = [
  ['mean', 'mean', 'mean, by theory'],
  ['typical', 'typical', 'a typical net, by theory'],
  ['band', 'band', 'nine nets of ten'],
  ['median', 'median', 'median net'],
  ['net', 'net', 'single nets'],
  ['before', 'before', 'before the fix'],
];

function bySeries(a: LengthCurves, b: LengthCurves): number {
  return a.series < b.series ? -1 : 1;
}

/** The lines that are there. */
export function Legend({ curves }: { readonly curves: readonly LengthCurves[] }) {
  const selected = curves.find((curve) => curve.selected);
  if (selected === undefined) return null;
  const shown = samples.filter(([name]) => {
    if (name === 'before') return selected.before !== null;
    if (name === 'mean' || name === 'typical') return selected.theory !== null;
    return name === 'band' || selected.nets !== null;
  });
  return (
    <ul class="legend">
      {shown.map(([name, className, text]) => (
        <li key={name}>
          <svg width="26" height="12" aria-hidden="true" class={`curve selected series-${selected.series}`}>
            {name === 'band' ? (
              <path class={className} d="M0 1h26v10h-26z" />
            ) : (
              <path class={className} d="M1 6H25" />
            )}
          </svg>
          {name === 'mean' && selected.theory?.exact === false ? `${text} (an estimate)` : text}
        </li>
      ))}
      {curves.length > 1 &&
        [...curves].sort(bySeries).map((curve) => (
          <li key={curve.series} class={`series-${curve.series}`}>
            <b>{curve.label}</b>
          </li>
        ))}
    </ul>
  );
}
