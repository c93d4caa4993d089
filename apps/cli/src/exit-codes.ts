/** How the command ends. Part of its contract: scripts test these numbers. */

/** Exit codes; those of signals are 128 and the signal's number, as shells have it. */
export const exitCodes = {
  done: 0,
  failed: 1,
  badUsage: 2,
  verdict: 3,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

/** One of `exitCodes`. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The table of exit codes, for `--help`. */
export const exitCodesHelp = `Exit codes:
  0    done
  1    failed: the message says why (KINDLING_DEBUG=1 adds the stack)
  2    bad usage: a flag, a name or a number
  3    --fail-on-verdict: the verdict is not that training starts
  130  interrupted by Ctrl-C (143: by SIGTERM, 129: by a closed terminal); the same command goes on from there`;
