import { ModelFormatError } from '../errors/model-format-error.js';

/**
 * @param source its name and size
 * @throws ModelFormatError unless 0 ≤ offset, 0 ≤ length and offset + length ≤ size, all safe integers
 */
export function checkRange(
  caller: string,
  source: { readonly name: string; readonly size: number },
  offset: number,
  length: number,
): void {
  const sound = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (sound && offset + length <= source.size) return;
  throw new ModelFormatError(
    `${caller}: ${source.name} ends too early; expected ${length} bytes from byte ${offset}, got a file of ${source.size} — is it cut off?`,
    { details: { file: source.name, offset, expected: length, got: source.size } },
  );
}
