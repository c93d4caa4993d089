/** What of asciichart 1.5.25 is used here; the package brings no types. It is CommonJS without names Node could find. */
declare module 'asciichart' {
  interface PlotConfig {
    readonly min: number;
    readonly max: number;
    /** Rows between `min` and `max`. */
    readonly height: number;
    /** Columns left of the curve; the last of them is the axis. */
    readonly offset: number;
    /** The label of a row. */
    readonly format: (value: number) => string;
    /** Ten characters, in the package's own order: axis twice, two ends, across, four corners, up and down. */
    readonly symbols: readonly string[];
  }
  const asciichart: { plot(series: readonly (readonly number[])[], config: PlotConfig): string };
  export = asciichart;
}
