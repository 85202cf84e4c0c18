/** The exit codes of aurora: a contract with CI, never renumbered. */
export const exitCodes = {
  0: 'go, or done',
  1: 'unexpected error',
  2: 'usage or configuration',
  3: 'no-go',
  4: 'hold: amber, or waiting for an approval',
  5: 'rolled back',
  6: 'rollback incomplete',
  7: 'another release holds the lease',
  130: 'interrupted',
} as const;

/** One of the exit codes. */
export type ExitCode = keyof typeof exitCodes;

/** A number as an exit code; 1 for one that is none. */
export function asExitCode(number: number): ExitCode {
  return Object.hasOwn(exitCodes, number) ? (number as ExitCode) : 1;
}
