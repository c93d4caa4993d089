/**
 * A file of the visitor's: dropped anywhere on the page, or chosen. A model is looked at; images become data of the page. The
 * reading is a worker's, and what shows a model comes when there is one.
 */
import type { ComponentType } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ExploreState } from '../../explore-state.js';
import type { PanelProps } from '../../panels.js';
import { chosenFiles, droppedFiles } from './dropped-files.js';
import { createFileReading, type FileReading } from './file-reading.js';
import type { DatasetReport } from './file-server.js';
import type { ModelView } from './model-view.js';
import { readingStarter, spawnFileWorker } from './start-reading.js';

type ModelViewType = ComponentType<Parameters<typeof ModelView>[0]>;

/** The panel. */
export function FilePanel({ state }: PanelProps) {
  const reading = useMemo(() => createFileReading(readingStarter(spawnFileWorker)), []);
  const [over, setOver] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useDrops((transfer) => {
    // At once: the list is empty when the event is over.
    void reading.read(droppedFiles(transfer));
    place.current?.closest('section')?.scrollIntoView({ block: 'start' });
  }, setOver);
  return (
    <div ref={place} class="dropped">
      {over && (
        <div class="drop-here" aria-hidden="true">
          <p>Drop it anywhere</p>
        </div>
      )}
      <p class="hint">
        Drop it anywhere on the page, or choose it. Models: safetensors, TensorFlow.js (model.json with its
        shards), ONNX, Keras, NumPy. Images: idx files as those of MNIST, raw or gz: training and test, or one
        pair.
      </p>
      <div class="buttons">
        <Chooser label="Choose files" onFiles={(files) => void reading.read(chosenFiles(files))} />
        <Chooser label="Choose a folder" folder onFiles={(files) => void reading.read(chosenFiles(files))} />
        {reading.phase.value !== 'idle' && (
          <button type="button" onClick={reading.close}>
            {reading.phase.value === 'reading' ? 'Stop reading' : 'Close it'}
          </button>
        )}
      </div>
      <Outcome reading={reading} state={state} />
    </div>
  );
}

/** Listens on the whole page: a file that misses would otherwise replace it. */
function useDrops(onDrop: (transfer: DataTransfer) => void, onOver: (over: boolean) => void): void {
  const latest = useRef({ onDrop, onOver });
  latest.current = { onDrop, onOver };
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      latest.current.onOver(true);
    };
    const leave = (event: DragEvent) => {
      // It leaves every element on its way; the page itself when it goes to none.
      if (event.relatedTarget === null) latest.current.onOver(false);
    };
    const drop = (event: DragEvent) => {
      latest.current.onOver(false);
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      latest.current.onDrop(event.dataTransfer);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);
}

interface ChooserProps {
  readonly label: string;
  readonly folder?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** A button that opens the browser's own dialog; the input behind it is for no one's eyes. */
function Chooser({ label, folder = false, onFiles }: ChooserProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // No attribute of the standard, and known to every browser.
    if (folder && input.current !== null) input.current.webkitdirectory = true;
  }, [folder]);
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-chooser={folder ? 'folder' : 'files'}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // The same file can be chosen again, when it has changed.
          event.currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}

function Outcome({ reading, state }: { readonly reading: FileReading; readonly state: ExploreState }) {
  const phase = reading.phase.value;
  const report = reading.report.value;
  return (
    <>
      {phase === 'reading' && (
        <div class="going">
          <progress max={1} value={reading.share.value} aria-label="How much of the file is read" />
          <span>{reading.name.value}</span>
        </div>
      )}
      <p class="unseen" role="status">
        {phase === 'reading' ? 'Reading.' : phase === 'read' ? `${reading.name.value} is read.` : ''}
      </p>
      <div role="alert">{phase === 'failed' && <p class="problem">{failureText(reading)}</p>}</div>
      {report?.kind === 'model' && <LateModelView report={report} state={state} />}
      {report?.kind === 'images' && <Images report={report} state={state} />}
    </>
  );
}

/** With the name of the file where the reason does not say it. */
function failureText({ name, failure }: FileReading): string {
  const reason = failure.value ?? '';
  return name.value === '' || reason.includes(name.value) ? reason : `${name.value}: ${reason}`;
}

/** The view of models, which the first visit does without. */
function LateModelView(props: Parameters<typeof ModelView>[0]) {
  const [View, setView] = useState<ModelViewType | null>(null);
  useEffect(() => {
    import('./model-view.js').then(
      (module) => setView(() => module.ModelView),
      () => props.state.report('What shows a model did not arrive; check the connection and open it again.'),
    );
  }, [props.state]);
  return View === null ? null : <View {...props} />;
}

/** Takes the images into the data of the page, once, and says so. */
function Images({ report, state }: { readonly report: DatasetReport; readonly state: ExploreState }) {
  const { dataset, split } = report;
  const { name, train, test } = dataset;
  const [refusal, setRefusal] = useState<string | null>(null);
  useEffect(() => {
    if (!state.datasets.names().includes(name)) state.datasets.add(dataset);
    setRefusal(state.changeData(name));
  }, [dataset, name, state]);
  return (
    <>
      <p>
        <b>{name}</b>: {train.count.toLocaleString('en')} images to train with and{' '}
        {test.count.toLocaleString('en')} to test with, {train.rows} × {train.columns}.{' '}
        {refusal === null ? 'All of the page is about them now.' : ''}
      </p>
      {split && (
        <p class="hint">
          Of the one pair of files every seventh part, the last one, is for testing. The command reads four
          files: <SaveAsFour report={report} />
        </p>
      )}
      {refusal !== null && (
        <p class="problem" role="alert">
          They are in the list of data now, but not chosen: {refusal}
        </p>
      )}
    </>
  );
}

function SaveAsFour({ report }: { readonly report: DatasetReport }) {
  return (
    <button
      type="button"
      class="plain"
      onClick={() => {
        Promise.all([import('./idx-files.js'), import('../take-away/save-file.js')]).then(
          ([{ idxFilesOf }, { saveFile }]) => {
            for (const { file, bytes } of idxFilesOf(report.dataset)) {
              saveFile(file, new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' }));
            }
          },
        );
      }}
    >
      save these as four
    </button>
  );
}
