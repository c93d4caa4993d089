/** The letters of the configurations, which are also the names of their colors: `--series-a`. */
export const seriesLetters = ['a', 'b', 'c', 'd'] as const;
