// A thread of a training, as an app would write it: two lines over the built package.
import { serveTrainingThread } from '@kindling/trainer/node';

serveTrainingThread();
