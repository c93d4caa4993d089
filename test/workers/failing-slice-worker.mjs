// A thread that fails in the middle of a step, holding a slice: at the hundredth bias gradient it throws or, as `FAIL=exit`
// says, is gone without a word.
import { createEngine } from '@kindling/core';
import { serveTrainingThread } from '@kindling/trainer/node';

let left = 100;

serveTrainingThread({
  makeEngine: (options) => {
    const engine = createEngine(options);
    const column_sums = (...values) => {
      left -= 1;
      if (left === 0 && process.env.FAIL === 'exit') process.exit(3);
      if (left === 0) throw new RangeError('no hundredth gradient');
      engine.kernels.column_sums(...values);
    };
    return { ...engine, kernels: { ...engine.kernels, column_sums } };
  },
});
