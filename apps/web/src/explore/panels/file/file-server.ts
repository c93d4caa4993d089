/** The worker's side of reading a file: one call, whose answer is data, failures too. */
import { type ErrorData, toErrorData } from '@kindling/core';
import type { Dataset } from '@kindling/trainer';
import { type Endpoint, expose } from 'comlink';
import type { DroppedFile } from './dropped-file.js';
import { idxDataset, looksLikeIdx } from './idx-dataset.js';
import { type ModelReport, modelReport } from './model-report.js';

/** Images out of idx files. */
export interface DatasetReport {
  readonly kind: 'images';
  readonly dataset: Dataset;
  /** True where one pair of files was split into training and test. */
  readonly split: boolean;
}

/** What files turned out to be. */
export type FileReport = ModelReport | DatasetReport;

/** The report, or the error as data. */
export type FileReply =
  | { readonly ok: true; readonly report: FileReport }
  | { readonly ok: false; readonly error: ErrorData };

/** What the page may call. */
export interface FileServer {
  read(files: readonly DroppedFile[], onShare: (share: number) => unknown): Promise<FileReply>;
}

/** Larger idx files are none: sixty thousand images of 28 × 28 are 47 MB. */
const mostIdxBytes = 1e9;
/** Milliseconds between two tellings of progress. */
const interval = 120;

/** Serves whoever holds the other end of `endpoint`. */
export function serveFiles(endpoint: Endpoint): void {
  const server: FileServer = {
    async read(files, onShare) {
      try {
        return { ok: true, report: await reportOf(files, seldom(onShare)) };
      } catch (error) {
        return { ok: false, error: toErrorData(error) };
      }
    },
  };
  expose(server, endpoint);
}

async function reportOf(
  files: readonly DroppedFile[],
  onShare: (share: number) => void,
): Promise<FileReport> {
  const heads = await Promise.all(files.map(({ file }) => bytesOf(file.slice(0, 4))));
  const small = files.every(({ file }) => file.size <= mostIdxBytes);
  if (files.length === 0 || !small || !heads.every(looksLikeIdx)) return await modelReport(files, onShare);
  const read = files.map(async ({ path, file }) => ({ file: path, bytes: await bytesOf(file) }));
  return { kind: 'images', ...(await idxDataset(await Promise.all(read))) };
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}

function seldom(tell: (share: number) => unknown): (share: number) => void {
  let last = performance.now();
  return (share) => {
    const now = performance.now();
    if (now - last < interval) return;
    last = now;
    tell(share);
  };
}
