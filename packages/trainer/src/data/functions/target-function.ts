/** A function to learn. */
export interface TargetFunction {
  /** As used on the command line and in records. */
  readonly name: string;
  /** As people write it. */
  readonly formula: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Fewest ReLU units of one hidden layer that give it exactly; null where none do. */
  readonly neededUnits: number | null;
  /** The value at a point of `inputs` coordinates, in f64, the same bits everywhere. */
  readonly evaluate: (point: readonly number[]) => readonly number[];
}
