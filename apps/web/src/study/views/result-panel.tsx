/** What a finished run has found: sentences, files to take along, the same study on the command line, tables. */
import { figure1 } from '@kindling/studies';
import { useMemo } from 'preact/hooks';
import { Download } from '../../download.js';
import { replayCommand } from '../run/result-files.js';
import type { RunResult } from '../run/study-run.js';
import { SummaryTable } from './summary-table.js';

/** The panel of one result. */
export function ResultPanel({ result }: { readonly result: RunResult }) {
  const { summary, settings, specHash, files } = result;
  const [first, ...others] = useMemo(() => figure1.findings(summary), [summary]);
  const tables = useMemo(() => figure1.tables(summary), [summary]);
  return (
    <div class="outcome">
      <section class="found card" aria-labelledby="found">
        <h2 id="found">What this run found</h2>
        {first !== undefined && <p class="verdict">{first}</p>}
        <ul>
          {others.map((finding) => (
            <li key={finding}>{finding}</li>
          ))}
        </ul>
      </section>
      <section class="keep card" aria-labelledby="keep">
        <h2 id="keep">Keep it, repeat it</h2>
        <ul class="downloads">
          {files.map((file) => (
            <li key={file.name}>
              <Download file={file} />
            </li>
          ))}
        </ul>
        <div>
          <p>
            The same study on the command line gives the same numbers, to the last bit. Its spec has the hash{' '}
            <code>{specHash.slice(0, 16)}</code>.
          </p>
          <pre>
            <code>{replayCommand(settings)}</code>
          </pre>
        </div>
      </section>
      <section class="tables card" aria-labelledby="tables">
        <h2 id="tables">The numbers</h2>
        {tables.map((table) => (
          <details key={table.title}>
            <summary>{table.title}</summary>
            <SummaryTable table={table} />
          </details>
        ))}
      </section>
    </div>
  );
}
