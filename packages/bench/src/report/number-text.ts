/** Numbers as tables print them: three digits, whatever the size. */

/** Milliseconds with the unit that suits them: `1.28 ms`, `14.6 µs`, `2.1 s`. */
export function timeText(milliseconds: number): string {
  if (milliseconds < 0.1) return `${digits(1000 * milliseconds)} µs`;
  return milliseconds < 10_000 ? `${digits(milliseconds)} ms` : `${digits(milliseconds / 1000)} s`;
}

/** `2.31×`. */
export function ratioText(ratio: number): string {
  return `${digits(ratio)}×`;
}

/** `38.5`. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

/** `12.3 MiB`, `640 KiB`. */
export function bytesText(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes >= 1 ? `${digits(mebibytes)} MiB` : `${digits(bytes / 1024)} KiB`;
}
