/** Everything the page shows, to take along: its address, the same as a command and a program, drawings, numbers, records. */
import { exploreCode, exploreCommand, exploreQuery } from '@kindling/studies';
import { useMemo } from 'preact/hooks';
import { Disclosure } from '../../disclosure.js';
import type { PanelProps } from '../../panels.js';
import { CopyButton } from './copy-button.js';
import { dataArgument, isFolder } from './data-argument.js';
import { WholeStudyRun } from './whole-study-run.js';

/** The panel. */
export function TakeAwayPanel({ state, jobs, trainings }: PanelProps) {
  const question = state.question.value;
  const query = useMemo(() => exploreQuery(question), [question]);
  const address = new URL(`?${query}`, location.href.replace(/[?#].*$/, '')).href;
  const data = dataArgument(question);
  const command = useMemo(() => exploreCommand(question, data), [question, data]);
  return (
    <div class="taken">
      <section aria-labelledby="take-address">
        <h3 id="take-address">This page, as it is</h3>
        <div class="line">
          <input
            readOnly
            aria-label="Address of this page, as it is"
            value={address}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton text={address} label="Copy link" />
        </div>
        {state.datasets.isAdded(question.data) && (
          <p class="hint">Your data are not in the address: whoever opens it drops the same files there.</p>
        )}
      </section>
      <section aria-labelledby="take-command">
        <h3 id="take-command">The same numbers in a terminal</h3>
        <Code title="Command" text={command} />
        {isFolder(question) && <FolderHint folder={data} />}
        <CopyButton text={command} label="Copy command" />
        <Disclosure summary="As a program, with the library">
          {() => <Program code={exploreCode(question, data)} />}
        </Disclosure>
      </section>
      <section aria-labelledby="take-figures">
        <h3 id="take-figures">Drawing and numbers</h3>
        <Figures state={state} jobs={jobs} trainings={trainings} />
      </section>
      <section aria-labelledby="take-records">
        <h3 id="take-records">Every record</h3>
        <WholeStudyRun state={state} />
      </section>
    </div>
  );
}

/** Text to read and to copy. */
function Code({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls with the arrow keys, and needs the focus for it
    <section class="scroll" aria-label={title} tabIndex={0}>
      <pre>
        <code>{text}</code>
      </pre>
    </section>
  );
}

function FolderHint({ folder }: { readonly folder: string }) {
  return (
    <p class="hint">
      Put the folder of your four idx files in the place of <code>{folder}</code>.
    </p>
  );
}

function Program({ code }: { readonly code: string }) {
  return (
    <>
      <Code title="Program" text={code} />
      <CopyButton text={code} label="Copy program" />
      <p class="hint">
        For Node, as a file <code>.mjs</code>: it prints the lines of <code>records.jsonl</code> as they are
        finished.
      </p>
    </>
  );
}

function Figures(props: PanelProps) {
  const { state, trainings } = props;
  const begun = trainings.trainings.value.some(({ epochs }) => epochs.length > 0);
  // What makes files is loaded when one is wanted: the first visit does without.
  const save = (which: 'saveSvg' | 'savePng' | 'saveLengths' | 'saveTraining') => () => {
    import('./save-figures.js')
      .then((figures) => figures[which](props))
      .catch((error: unknown) => state.report(error instanceof Error ? error.message : String(error)));
  };
  return (
    <div class="buttons">
      <button type="button" onClick={save('saveSvg')}>
        Lengths, SVG
      </button>
      <button type="button" onClick={save('savePng')}>
        Lengths, PNG
      </button>
      <button type="button" onClick={save('saveLengths')}>
        Lengths by layer, CSV
      </button>
      <button type="button" disabled={!begun} onClick={save('saveTraining')}>
        Training by epoch, CSV
      </button>
    </div>
  );
}
