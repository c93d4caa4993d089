/** Files, read in a worker of their own. */
import { fromErrorData } from '@kindling/core';
import { type SpawnedWorker, webWorker } from '@kindling/studies';
import { proxy, wrap } from 'comlink';
import type { DroppedFile } from './dropped-file.js';
import type { FileReport, FileServer } from './file-server.js';

/** A reading on its way. */
export interface StartedReading {
  /** Rejects with what the reader threw, rebuilt, and when the worker ended by itself. Never settles once it was ended. */
  readonly report: Promise<FileReport>;
  end(): void;
}

/** Starts one. @param onShare told how much is read, 0 … 1 */
export type StartReading = (
  files: readonly DroppedFile[],
  onShare: (share: number) => void,
) => StartedReading;

/** Starts it on a worker that `spawn` starts. */
export function readingStarter(spawn: () => SpawnedWorker): StartReading {
  return (files, onShare) => {
    const worker = spawn();
    const gone = new Promise<never>((_, reject) => {
      worker.onExit((cause) => reject(new Error(`the reader ended: ${cause.message}`, { cause })));
    });
    const answered = wrap<FileServer>(worker.endpoint)
      .read(files, proxy(onShare))
      .then((reply) => {
        if (!reply.ok) throw fromErrorData(reply.error, []);
        return reply.report;
      });
    const report = Promise.race([answered, gone]).finally(() => worker.terminate());
    return { report, end: () => worker.terminate() };
  };
}

/** The page's own. Written out here because only the app's bundler can see the worker's file. */
export function spawnFileWorker(): SpawnedWorker {
  return webWorker(new Worker(new URL('./file-worker.ts', import.meta.url), { type: 'module' }));
}
