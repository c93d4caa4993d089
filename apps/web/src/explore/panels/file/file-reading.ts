/** The file that is looked at: reading it, and what came of it. A file that cannot be read is a message, and nothing more. */
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { DroppedFile } from './dropped-file.js';
import type { FileReport } from './file-server.js';
import type { StartedReading, StartReading } from './start-reading.js';

/** Where the reading is. */
export type ReadingPhase = 'idle' | 'reading' | 'read' | 'failed';

/** The reading of the files that were given last. */
export interface FileReading {
  readonly phase: ReadonlySignal<ReadingPhase>;
  /** What was given, in a few words. */
  readonly name: ReadonlySignal<string>;
  /** 0 … 1. */
  readonly share: ReadonlySignal<number>;
  readonly report: ReadonlySignal<FileReport | null>;
  /** Why it cannot be read. */
  readonly failure: ReadonlySignal<string | null>;
  /** Reads these, and forgets those before. Resolves when it is over, however; never rejects. */
  read(files: readonly DroppedFile[] | Promise<readonly DroppedFile[]>): Promise<void>;
  /** Ends the reading, or closes the file. */
  close(): void;
}

/** Nothing read yet. */
export function createFileReading(start: StartReading): FileReading {
  const phase = signal<ReadingPhase>('idle');
  const name = signal('');
  const share = signal(0);
  const report = signal<FileReport | null>(null);
  const failure = signal<string | null>(null);
  let attempt = 0;
  let started: StartedReading | null = null;

  function clear(to: ReadingPhase): void {
    attempt += 1;
    started?.end();
    started = null;
    batch(() => {
      phase.value = to;
      share.value = 0;
      report.value = null;
      failure.value = null;
    });
  }

  return {
    phase,
    name,
    share,
    report,
    failure,
    async read(given) {
      clear('reading');
      name.value = '';
      const mine = attempt;
      try {
        const files = await given;
        if (mine !== attempt) return;
        name.value = nameOf(files);
        if (files.length === 0)
          throw new Error('there is no file in what was dropped; expected files or a folder');
        started = start(files, (told) => {
          if (mine === attempt) share.value = told;
        });
        const made = await started.report;
        if (mine !== attempt) return;
        batch(() => {
          report.value = made;
          phase.value = 'read';
        });
      } catch (error) {
        if (mine !== attempt) return;
        batch(() => {
          failure.value = messageOf(error);
          phase.value = 'failed';
        });
      }
    },
    close: () => clear('idle'),
  };
}

function nameOf(files: readonly DroppedFile[]): string {
  const [first, ...others] = files;
  if (first === undefined) return '';
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `${first.path.slice(0, 80)}${more}`;
}

/** What is wrong, without the name of the function that says so. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^[a-z]\w*: /i, '');
}
