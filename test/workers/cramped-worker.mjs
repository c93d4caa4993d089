// A worker whose kernels may use one mebibyte: its trainings throw.
import { createEngine } from '@kindling/core';
import { serveWorkerThread } from '@kindling/studies/node';

serveWorkerThread({ makeEngine: () => createEngine({ limitBytes: 2 ** 20 }) });
