/**
 * What several trials of one spec need and each could make alone: it is made once in a thread and kept as long as the spec is in use. Trials
 * stay pure, because what is made follows from the spec and the name alone.
 */
export interface LawCache<Value> {
  /** What is called `name`, made by `make` the first time. */
  get(spec: object, name: string, make: () => Promise<Value>): Promise<Value>;
}

/** An empty cache. */
export function openLawCache<Value>(): LawCache<Value> {
  const known = new WeakMap<object, Map<string, Promise<Value>>>();
  return {
    get(spec, name, make) {
      const own = known.get(spec) ?? new Map<string, Promise<Value>>();
      known.set(spec, own);
      const found = own.get(name) ?? make();
      own.set(name, found);
      // What could not be made is tried again by the next trial, which then tells its own error.
      found.catch(() => own.delete(name));
      return found;
    },
  };
}
