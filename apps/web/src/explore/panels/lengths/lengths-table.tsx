/** The drawing as a table, for who does not see it and for who wants the digits. */
import type { LayerValues, LengthCurves } from '../../charts/lengths-drawing.js';
import { lengthText } from './length-words.js';

const columns: readonly (readonly [
  name: string,
  values: (curve: LengthCurves) => LayerValues | undefined,
])[] = [
  ['Theory: mean', ({ theory }) => theory?.mean],
  ['Theory: typical', ({ theory }) => theory?.typical],
  ['Nets: mean', ({ nets }) => nets?.mean],
  ['Nets: median', ({ nets }) => nets?.median],
  ['Nets: lowest 5 %', ({ nets }) => nets?.low],
  ['Nets: highest 5 %', ({ nets }) => nets?.high],
];

/** One row a layer; lengths relative to the input's. */
export function LengthsTable({ curve }: { readonly curve: LengthCurves }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls with the arrow keys, and needs the focus for it
    <section class="scroll" aria-label="Lengths by layer" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            {columns.map(([name]) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: curve.depth }, (_, layer) => (
            <tr key={layer}>
              <th scope="row">{layer + 1}</th>
              {columns.map(([name, values]) => (
                <td key={name}>{lengthText(values(curve)?.[layer])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
