/** The worker's side of a whole study: one call, whose answer is data, failures too. */
import { type ErrorData, toErrorData } from '@kindling/core';
import { type Endpoint, expose } from 'comlink';
import type { ResultFile } from '../../../study/run/result-files.js';
import type { RunProgress } from '../../../study/run/time-left.js';
import { spawnWorker } from '../../../study/spawn-worker.js';
import { runWholeStudy, type WholeStudy } from './run-whole-study.js';

/** The files, or the error as data. */
export type WholeStudyReply =
  | { readonly ok: true; readonly files: readonly ResultFile[] }
  | { readonly ok: false; readonly error: ErrorData };

/** What the page may call. */
export interface WholeStudyServer {
  run(wanted: WholeStudy, onProgress: (progress: RunProgress) => unknown): Promise<WholeStudyReply>;
}

/** Serves whoever holds the other end of `endpoint`. */
export function serveWholeStudy(endpoint: Endpoint): void {
  const server: WholeStudyServer = {
    async run(wanted, onProgress) {
      try {
        return { ok: true, files: await runWholeStudy(wanted, spawnWorker, onProgress) };
      } catch (error) {
        return { ok: false, error: toErrorData(error) };
      }
    },
  };
  expose(server, endpoint);
}
