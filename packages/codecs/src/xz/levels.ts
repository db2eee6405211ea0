/** Levels 7 to 9 take several hundred MiB, as those of the `xz` command do. */
export const levels = { min: 0, max: 9, fastest: 0, fast: 2, default: 6, best: 9 };
