/** Most axes that a tensor may have, as in NumPy. */
const mostAxes = 32;

/** Whether JSON is a list of at most 32 integers ≥ 0, as shapes are. */
export function isShape(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.length <= mostAxes &&
    value.every((extent) => Number.isSafeInteger(extent) && (extent as number) >= 0)
  );
}
