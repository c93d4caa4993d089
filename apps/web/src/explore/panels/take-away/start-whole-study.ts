/** A whole study in a worker of its own, whose workers end with it. */
import { fromErrorData } from '@kindling/core';
import { type SpawnedWorker, webWorker } from '@kindling/studies';
import { proxy, wrap } from 'comlink';
import type { ResultFile } from '../../../study/run/result-files.js';
import type { RunProgress } from '../../../study/run/time-left.js';
import type { WholeStudy } from './run-whole-study.js';
import type { WholeStudyServer } from './whole-study-server.js';

/** A study on its way. */
export interface StartedStudy {
  /** Rejects with what the study threw, rebuilt, and when the worker ended by itself. Never settles once it was ended. */
  readonly files: Promise<readonly ResultFile[]>;
  /** Ends it and all its workers now. */
  end(): void;
}

/** Starts it. */
export type StartWholeStudy = (
  wanted: WholeStudy,
  onProgress: (progress: RunProgress) => void,
) => StartedStudy;

/** Starts it on a worker that `spawn` starts. */
export function wholeStudyStarter(spawn: () => SpawnedWorker): StartWholeStudy {
  return (wanted, onProgress) => {
    const worker = spawn();
    const gone = new Promise<never>((_, reject) => {
      worker.onExit((cause) =>
        reject(new Error(`the worker of the study ended: ${cause.message}`, { cause })),
      );
    });
    const answered = wrap<WholeStudyServer>(worker.endpoint)
      .run(wanted, proxy(onProgress))
      .then((reply) => {
        worker.terminate();
        if (!reply.ok) throw fromErrorData(reply.error, []);
        return reply.files;
      });
    return { files: Promise.race([answered, gone]), end: () => worker.terminate() };
  };
}

/** The page's own. Written out here because only the app's bundler can see the worker's file. */
export function spawnStudyWorker(): SpawnedWorker {
  return webWorker(new Worker(new URL('./whole-study-worker.ts', import.meta.url), { type: 'module' }));
}
