/** A table of the study as a table of the page. Its cells come ready to print. */
import type { SummaryTable as Table } from '@kindling/studies';
import { Scroller } from './scroller.js';

/** The table, scrolling sideways where it is too wide. */
export function SummaryTable({ table }: { readonly table: Table }) {
  return (
    <Scroller class="scroll" label={table.title}>
      <table>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.slice(0, 2).join('/')}>
              {row.map((cell, i) =>
                i === 0 ? (
                  <th key={table.columns[i]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={table.columns[i]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
