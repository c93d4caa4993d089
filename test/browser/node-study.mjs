/**
 * Figure 1 on the embedded data in Node, as a process of its own: plain Node, worker threads, the built packages, and
 * none of the page's code. Takes the options of `figure1Spec` as JSON; prints `{records, summary}` as JSON, the records
 * as canonical lines in the order of the plan.
 */
import {
  datasetIdentity,
  encodeRecordLine,
  figure1,
  figure1Spec,
  memoryStore,
  plan,
  runStudy,
  summaryText,
  trialName,
} from '@kindling/studies';
import { workerThread } from '@kindling/studies/node';
import { loadDataset } from '@kindling/trainer/node';

const { dataset } = await loadDataset('embedded');
const spec = figure1Spec({ ...JSON.parse(process.argv[2] ?? '{}'), data: datasetIdentity(dataset) });
const store = memoryStore();
const summary = await runStudy({
  study: figure1,
  spec,
  store,
  spawn: workerThread(new URL('../workers/trial-worker.mjs', import.meta.url)),
  workers: 1,
  dataset,
});
const lines = new Map((await store.load()).map((record) => [trialName(record), encodeRecordLine(record)]));
const records = plan(figure1, spec).map((key) => `${lines.get(trialName(key))}\n`);
process.stdout.write(JSON.stringify({ records: records.join(''), summary: summaryText(summary) }));
