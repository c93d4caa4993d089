/** How the training loop takes its steps: a batch at once, in slices one after the other, or in slices over several threads. */
import { type Engine, InvalidArgumentError } from '@kindling/core';
import { type BatchRoom, gatherBatch, type ResidentDataset, shuffle } from './batches.js';
import { softmaxCrossEntropy } from './loss.js';
import type { TrainableNetwork } from './passing.js';
import { type BatchRange, openSlices } from './slices.js';
import { canUseThreads, openThreadedSteps } from './threads/threaded-steps.js';
import type { TrainingOptions } from './train.js';
import type { Trainee } from './trainee.js';

/** Steps of one training. */
export interface Steps {
  /** Draws the order of an epoch; epochs count from 1. */
  beginEpoch(epoch: number): void;
  /** One step on images start … start + rows − 1 of the order; gives the mean loss before it, at once where nobody is waited for. */
  take(batch: BatchRange): number | Promise<number>;
  /** Ends what was started. Resolves when it is gone. */
  close(): Promise<void>;
}

/** What steps are taken with. */
export interface StepTools {
  readonly engine: Engine;
  readonly network: TrainableNetwork;
  readonly trainee: Trainee;
  readonly data: ResidentDataset;
  readonly room: BatchRoom;
  readonly options: TrainingOptions;
}

/**
 * Opens steps; work memory is taken from the arena at once.
 *
 * @throws InvalidArgumentError for slices of a network whose batches are normalized
 * @throws OutOfMemoryError when there is no room
 */
export function openSteps(tools: StepTools): Steps {
  const { slices = 1, threads } = tools.options;
  if (slices === 1) return openWholeSteps(tools);
  if (tools.trainee.normalizes) {
    throw new InvalidArgumentError(
      `train: slices is ${slices}, and the network normalizes its batches; expected 1, because a slice has other means than its batch`,
    );
  }
  return threads !== undefined && threads.count > 1 && canUseThreads()
    ? openThreadedSteps(tools, threads, slices)
    : openSlicedSteps(tools, slices);
}

function openWholeSteps({ engine, trainee, data, room, options }: StepTools): Steps {
  return {
    beginEpoch: (epoch) => shuffle(engine, options.key, epoch, data.train.count, room.order),
    take: ({ start, rows }) => {
      const { input, labels } = gatherBatch(engine, data.train, room.order, start, rows, room);
      return trainee.step(input, softmaxCrossEntropy(labels));
    },
    close: () => Promise.resolve(),
  };
}

function openSlicedSteps({ engine, trainee, data, room, options }: StepTools, slices: number): Steps {
  const sliced = openSlices(engine, trainee, data.train, room, slices);
  return {
    beginEpoch: (epoch) => shuffle(engine, options.key, epoch, data.train.count, room.order),
    take: (batch) => {
      let loss = 0;
      sliced.clear();
      for (let slice = 0; slice < slices; slice++) {
        const weight = sliced.weightOf(batch, slice);
        loss += sliced.pass(batch, slice, ({ pointer, rows, stride }, offset) => {
          sliced.add(weight, pointer, offset, rows * stride);
        });
      }
      sliced.follow();
      return loss / batch.rows;
    },
    close: () => Promise.resolve(),
  };
}
