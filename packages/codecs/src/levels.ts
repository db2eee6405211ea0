// Apart from the codecs, so that to tell what there is loads none of them.

/** Of gzip, deflate and zip. */
export const zlib = { min: 0, max: 9, fastest: 1, fast: 3, default: 6, best: 9 };

export const brotli = { min: 0, max: 11, fastest: 0, fast: 2, default: 4, best: 11 };

/** Level −1 exists, but means "not set" to Node.js. */
export const zstd = { min: -131072, max: 22, except: [-1], fastest: 1, fast: 2, default: 3, best: 19 };

/** Levels 7 to 9 take several hundred MiB, as those of the `xz` command do. */
export const xz = { min: 0, max: 9, fastest: 0, fast: 2, default: 6, best: 9 };
