/** The parts of `process` that the command uses. */
export type Terminal = Pick<NodeJS.Process, 'stdout' | 'stderr' | 'on' | 'off'>;
