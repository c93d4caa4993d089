/** Durations as a person says them: at most two units, no finer than an estimate deserves. */

/** Such as `under 1 s`, `45 s`, `3 min 20 s`, `12 min`, `1 h 12 min`, `2 d 3 h`. @param seconds 0 or more */
export function durationText(seconds: number): string {
  if (seconds < 1) return 'under 1 s';
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  // To 5 seconds below ten minutes, to minutes below a day, to hours above.
  if (seconds < 597.5) return pair(Math.round(seconds / 5) * 5, 60, 'min', 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return pair(minutes, 60, 'h', 'min');
  return pair(Math.round(seconds / 3600), 24, 'd', 'h');
}

/** @param value in small units, of which `size` make a large one */
function pair(value: number, size: number, large: string, small: string): string {
  const rest = value % size;
  return `${Math.floor(value / size)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}

/** An estimate of the time left, such as `about 40 s left`; empty while there is none. */
export function timeLeftText(seconds: number | null): string {
  if (seconds === null) return '';
  return seconds < 1 ? 'almost done' : `about ${durationText(seconds)} left`;
}
