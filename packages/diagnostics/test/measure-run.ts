/** Runs a measurement to its end. */
export function finish<Result>(steps: Generator<{ done: number; total: number }, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
