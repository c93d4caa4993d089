/**
 * A worker thread of the study that the group `workers` runs. Each record carries for how long this thread had been busy
 * with chunks (from the arrival of a call to its answer) before the record's own chunk began.
 */
import { parentPort } from 'node:worker_threads';
import { findTrialStudy, serveWorkerThread, type TrialStudy } from '@kindling/studies/node';
import { seconds } from './run/clock.js';

let arrival = 0;
let busyBefore = 0;

if (parentPort !== null) {
  const port = parentPort;
  const post = port.postMessage.bind(port);
  // Before the listener of the server, so that it sees a call first.
  port.on('message', () => {
    arrival = seconds();
  });
  port.postMessage = (...message) => {
    busyBefore += seconds() - arrival;
    post(...message);
  };
}

function findTimedStudy(name: string): TrialStudy {
  const study = findTrialStudy(name);
  return {
    ...study,
    runTrial: async (context, spec, key) => ({ ...(await study.runTrial(context, spec, key)), busyBefore }),
  };
}

serveWorkerThread({ find: findTimedStudy });
