/** The code of an error of the file system. */

/** Such as `ENOENT`; undefined for what is not an error of the system. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
