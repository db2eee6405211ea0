/**
 * Milliseconds since some moment, which never run backwards. Not by `performance`, whose first use
 * loads a dozen modules of Node.js: a millisecond of every small conversion.
 */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6;
