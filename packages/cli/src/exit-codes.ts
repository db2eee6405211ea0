/** What the shell is told. 128 + the signal's number is the shells' own convention. */
export const exitCodes = {
  done: 0,
  failed: 1,
  badUsage: 2,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;
