/**
 * The program: arguments in, exit code out. It never ends the process itself, save on a second Ctrl-C, so that what was
 * written gets out.
 */
import { CommanderError } from 'commander';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { errorText } from './output/error-text.js';
import { buildProgram } from './program.js';
import { processSurroundings, type Surroundings } from './surroundings.js';
import { UsageError } from './usage-error.js';

/**
 * Runs the command.
 *
 * @param argv the arguments after the program's name
 * @param surroundings default: those of this process
 * @returns the exit code; errors are printed, not thrown
 */
export async function main(argv: readonly string[], surroundings?: Surroundings): Promise<ExitCode> {
  if (surroundings !== undefined) return await run(argv, surroundings);
  let found: Surroundings;
  try {
    found = processSurroundings();
  } catch (error) {
    process.stderr.write(errorText(error, process.env));
    return exitCodes.failed;
  }
  return await run(argv, found);
}

async function run(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { stdout, stderr, env } = surroundings;
  let code: ExitCode = exitCodes.done;
  try {
    const program = await buildProgram(surroundings, argv, (finished) => {
      code = finished;
    });
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    code = codeOf(error);
    if (!(error instanceof CommanderError)) stderr.write(errorText(error, env));
  }
  await stdout.flush();
  const failure = stdout.failure();
  if (failure !== null && code === exitCodes.done) {
    stderr.write(`kindling: stdout cannot be written: ${failure.message}\n`);
    code = exitCodes.failed;
  }
  await stderr.flush();
  return code;
}

function codeOf(error: unknown): ExitCode {
  // Help and the version end as errors of code 0; what commander refuses is bad usage.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badUsage;
  return error instanceof UsageError ? exitCodes.badUsage : exitCodes.failed;
}
