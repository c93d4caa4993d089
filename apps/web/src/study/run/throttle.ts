/**
 * Bounds how often something costly is done while news keep coming: soon after the first, then at most once an
 * interval, and never for more than a quarter of the page's time.
 */

/** A job that is done now and then. */
export interface Throttle {
  /** There are news: the job will be done. */
  touch(): void;
  /** Does the job now if it is due, and forgets the appointment. */
  flush(): void;
}

/** What a throttle needs. */
export interface ThrottleOptions {
  /** Least milliseconds between the end of a job and the next. */
  readonly interval: number;
  /** A clock in milliseconds. Default: the page's. */
  readonly now?: () => number;
}

/** Bounds `job`. */
export function throttle(
  job: () => void,
  { interval, now = () => performance.now() }: ThrottleOptions,
): Throttle {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let earliest = 0;

  function perform(): void {
    timer = null;
    const start = now();
    job();
    const end = now();
    earliest = end + Math.max(interval, 3 * (end - start));
  }

  return {
    touch() {
      timer ??= setTimeout(perform, Math.max(0, earliest - now()));
    },
    flush() {
      if (timer === null) return;
      clearTimeout(timer);
      perform();
    },
  };
}
