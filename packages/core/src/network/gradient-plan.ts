/**
 * Which gradients of a backward pass may lie in the same memory. The pass itself is the trainer's; what it takes is known here, so
 * that `estimateNetworkMemory` can say it.
 */
import { leadingDimension } from '../tensor/matrix.js';
import { valueFloats } from './network.js';
import { type ParameterShape, type Program, valuesRead } from './program.js';
import { type Need, planRooms } from './rooms.js';

/** Rooms for the gradients of a backward pass. */
export interface GradientPlan {
  /** Floats of every room. */
  readonly rooms: readonly number[];
  /** By value of the program: the room of the gradient by it. The input has none. */
  readonly roomOf: readonly number[];
  /** By step: which value's second gradient stands where before it is added to the first; `null` where no step needs it. */
  readonly seconds: readonly ({ readonly value: number; readonly room: number } | null)[];
  /** Floats for the gradients of weights and gamma, which take turns. */
  readonly weightFloats: number;
  /** Floats for those of biases, beta and scales. */
  readonly rowFloats: number;
}

/** Plans the gradients of a batch. Time runs backward: 0 is the loss, 1 the last step, the number of steps the first. */
export function planGradients(program: Program, batch: number): GradientPlan {
  const { values, steps, parameters } = program;
  const timeOf = (step: number) => steps.length - step;
  const producer = new Map(steps.map((step, index) => [step.output, index]));
  const needs: Need[] = values.map((value, index) => ({
    floats: index === 0 ? 0 : valueFloats(value, batch),
    from: value.lastReader < 0 ? 0 : timeOf(value.lastReader),
    to: timeOf(producer.get(index) ?? 0),
  }));
  const seconds = steps.map((step, index) => {
    const read = valuesRead(step).find((value) => value > 0 && values[value]?.lastReader !== index);
    const value = read === undefined ? undefined : values[read];
    if (read === undefined || value === undefined) return null;
    const time = timeOf(index);
    return { value: read, need: needs.push({ floats: valueFloats(value, batch), from: time, to: time }) - 1 };
  });
  const { rooms, roomOf } = planRooms(needs);
  return {
    rooms,
    roomOf: roomOf.slice(0, values.length),
    seconds: seconds.map((second) =>
      second === null ? null : { value: second.value, room: roomOf[second.need] ?? 0 },
    ),
    weightFloats: mostFloats(parameters, ['weights', 'gamma']),
    rowFloats: mostFloats(parameters, ['biases', 'beta', 'scale']),
  };
}

function mostFloats(parameters: readonly ParameterShape[], kinds: readonly ParameterShape['kind'][]): number {
  return parameters
    .filter(({ kind }) => kinds.includes(kind))
    .reduce((most, { rows, columns }) => Math.max(most, rows * leadingDimension(columns)), 0);
}
