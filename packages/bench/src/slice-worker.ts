/** A thread of the trainings that the group `threads` runs. */
import { serveTrainingThread } from '@kindling/trainer/node';

serveTrainingThread();
