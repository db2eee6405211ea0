import type { CodecErrorCode } from '../codec-error.ts';
import type { Run } from '../codec.ts';

const codes: Record<string, CodecErrorCode> = {
  Z_BUF_ERROR: 'TRUNCATED',
  Z_DATA_ERROR: 'CORRUPT',
  ZSTD_error_checksum_wrong: 'CHECKSUM',
  ZSTD_error_frameParameter_windowTooLarge: 'WINDOW_TOO_LARGE',
  ZSTD_error_dictionary_wrong: 'BAD_OPTION',
  ZSTD_error_srcSize_wrong: 'BAD_OPTION',
};

const hints: Partial<Record<CodecErrorCode, string>> = {
  TRUNCATED: 'The file is incomplete: fetch or write it again',
  CORRUPT: 'The file is damaged: fetch it again',
  CHECKSUM: 'The file is damaged: fetch it again',
  WINDOW_TOO_LARGE: 'Raise limits.windowLog to allow the memory it needs',
};

/** The same output, with the engine's own errors told in terms of the input. */
export async function* guarded<Result>(
  run: Run,
  output: AsyncGenerator<Uint8Array, Result, undefined>,
): AsyncGenerator<Uint8Array, Result, undefined> {
  try {
    return yield* output;
  } catch (error) {
    throw zlibError(run, error);
  }
}

/** Names the problem that an engine of `node:zlib` reports; other errors stay what they are. */
function zlibError(run: Run, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const known =
    codes[error.code] ?? (/^(?:ZSTD_error_|ERR__?BROTLI|ERR__)/.test(error.code) ? 'CORRUPT' : undefined);
  if (known === undefined) return error;
  const hint = hints[known];
  return run.error(known, error.message, { cause: error, ...(hint === undefined ? {} : { hint }) });
}
