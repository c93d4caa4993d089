/** Work that follows a value: begun anew whenever it changes, with what was under way abandoned. */
import { effect, type ReadonlySignal, untracked } from '@preact/signals';

/**
 * Calls `job` with the value now and after every change. The signal of the call before is aborted first; what a job
 * throws after that is nobody's business.
 *
 * @param onFailure told of everything else that a job throws
 * @returns ends the watching and the job under way
 */
export function watch<Value>(
  value: ReadonlySignal<Value>,
  job: (value: Value, signal: AbortSignal) => Promise<void>,
  onFailure: (error: unknown) => void,
): () => void {
  return effect(() => {
    const current = value.value;
    const controller = new AbortController();
    untracked(() => {
      job(current, controller.signal).catch((error: unknown) => {
        if (!controller.signal.aborted) onFailure(error);
      });
    });
    return () => controller.abort(new DOMException('the question has changed', 'AbortError'));
  });
}
