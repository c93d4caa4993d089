/** A worker thread of the study that the group `workers` runs: each record says how long its trial took. */
import { type AnyStudy, findStudy } from '@kindling/studies';
import { serveWorkerThread } from '@kindling/studies/node';
import { seconds } from './run/clock.js';

function findTimedStudy(name: string): AnyStudy {
  const study = findStudy(name);
  return {
    ...study,
    runTrial: async (context, spec, key) => {
      const start = seconds();
      const result = await study.runTrial(context, spec, key);
      return { ...result, seconds: seconds() - start };
    },
  };
}

serveWorkerThread({ find: findTimedStudy });
