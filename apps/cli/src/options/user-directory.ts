/** The directory the user typed the command in, from which the paths on the command line start. */
import { dirname } from 'node:path';

/**
 * `cwd`, save where a package manager runs a script (`pnpm kindling …`): that changes to the script's package first, and
 * notes in `INIT_CWD` where it came from. The note is inherited by whatever the script starts, so it is believed only
 * while the process is still where the package manager put it.
 */
export function userDirectory(cwd: string, env: Readonly<Record<string, string | undefined>>): string {
  const { INIT_CWD: start, npm_package_json: manifest } = env;
  const byScript = start !== undefined && manifest !== undefined && dirname(manifest) === cwd;
  return byScript ? start : cwd;
}

/** How the user calls this program, for lines to copy: `pnpm kindling` where that is what runs it. */
export function invocation(cwd: string, env: Readonly<Record<string, string | undefined>>): string {
  const { npm_package_json: manifest, npm_package_name: name } = env;
  const byWorkspace = name === 'kindling-workspace' && manifest !== undefined && dirname(manifest) === cwd;
  return byWorkspace ? 'pnpm kindling' : 'kindling';
}
