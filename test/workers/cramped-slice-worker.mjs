// A thread whose kernels may use 64 KiB: it cannot begin.
import { createEngine } from '@kindling/core';
import { serveTrainingThread } from '@kindling/trainer/node';

serveTrainingThread({ makeEngine: () => createEngine({ limitBytes: 2 ** 16 }) });
