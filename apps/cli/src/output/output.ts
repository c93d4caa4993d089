/**
 * The two streams of the program: text in, colors and width known, and a reader that has gone away (`| head`) is no
 * error. Any other failure of stdout is kept for the end, because a file that was not written must not look done.
 */
import pc from 'picocolors';

/** picocolors' functions, all of them plain where colors are off. */
export type Colors = ReturnType<typeof pc.createColors>;

/** One stream. */
export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  readonly colors: Colors;
  /** Columns of the terminal; undefined where there is none. Asked anew each time: windows change. */
  columns(): number | undefined;
  /** What went wrong with writing, other than that the reader has gone. */
  failure(): Error | null;
  /** Resolves when all that was written has left the process, or cannot. */
  flush(): Promise<void>;
  /** For a progress bar, which moves the cursor. */
  readonly stream: NodeJS.WriteStream;
}

/** Wraps `stream`. Colors: `NO_COLOR` turns them off, `FORCE_COLOR` on, else a terminal that is not dumb has them. */
export function openOutput(
  stream: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
): Output {
  const isTerminal = stream.isTTY === true && env['TERM'] !== 'dumb';
  let failure: Error | null = null;
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    gone = true;
    // EIO: the terminal was closed.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') failure ??= error;
  });
  return {
    write: (text) => {
      if (!gone) stream.write(text);
    },
    isTerminal,
    colors: pc.createColors(wantsColors(env, isTerminal)),
    columns: () => (stream.isTTY === true && stream.columns > 0 ? stream.columns : undefined),
    failure: () => failure,
    flush: () =>
      new Promise((resolve) => {
        if (gone) resolve();
        else stream.write('', () => setImmediate(resolve)); // the error event comes after the callback
      }),
    stream,
  };
}

function wantsColors(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'] ?? '';
  return forced === '' ? isTerminal : forced !== '0' && forced !== 'false';
}
