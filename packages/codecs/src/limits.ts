import { checkOptions } from './check-options.ts';
import { CodecError } from './codec-error.ts';
import type { Run } from './codec.ts';

/** Bounds on what a decoder does with input that nobody vouches for. Exceeding one raises `LIMIT`. */
export interface Limits {
  /** Bytes of output at most. Default: no limit; a stream's memory does not grow with it. */
  outputBytes?: number;
  /**
   * Bytes of output for a byte of input at most. One that is given counts from the first MiB of
   * output on; the default, 10 000, from the first GiB on.
   */
  ratio?: number;
  /** Base-2 logarithm of the largest zstd window: 10 to 31. Default 27, 128 MiB, as in the `zstd` command. */
  windowLog?: number;
}

export interface ResolvedLimits {
  outputBytes: number;
  ratio: number;
  /** Bytes of output up to which the ratio may be anything. */
  ratioFrom: number;
  windowLog: number;
}

const defaults: ResolvedLimits = { outputBytes: Infinity, ratio: 10_000, ratioFrom: 2 ** 30, windowLog: 27 };

export function resolveLimits(codec: string, limits: Limits = {}): ResolvedLimits {
  checkOptions(codec, 'limits', limits);
  const resolved = {
    outputBytes: limits.outputBytes ?? defaults.outputBytes,
    ratio: limits.ratio ?? defaults.ratio,
    ratioFrom: limits.ratio === undefined ? defaults.ratioFrom : 2 ** 20,
    windowLog: limits.windowLog ?? defaults.windowLog,
  };
  const check = (name: keyof Limits, valid: boolean, allowed: string): void => {
    const value: unknown = resolved[name];
    if (valid && typeof value === 'number') return;
    throw new CodecError('BAD_OPTION', {
      codec,
      problem: `limits.${name} is ${typeof value === 'string' ? `"${value}"` : String(value)}`,
      hint: `Use ${allowed}`,
    });
  };
  check('outputBytes', resolved.outputBytes >= 0, 'a number of bytes, or Infinity');
  check('ratio', resolved.ratio > 0, 'a positive number, or Infinity');
  const { windowLog } = resolved;
  check(
    'windowLog',
    Number.isInteger(windowLog) && windowLog >= 10 && windowLog <= 31,
    'a whole number from 10 to 31',
  );
  return resolved;
}

export function checkLimits(run: Run, limits: ResolvedLimits, bytesIn: number, bytesOut: number): void {
  const { outputBytes, ratio, ratioFrom } = limits;
  const hint = 'Raise the limit if the data can be trusted';
  if (bytesOut > outputBytes) {
    throw run.error('LIMIT', `the output is longer than limits.outputBytes, ${outputBytes} bytes`, { hint });
  }
  if (bytesOut > ratioFrom && bytesOut > ratio * bytesIn) {
    throw run.error('LIMIT', `the output is more than limits.ratio, ${ratio} times, the input`, { hint });
  }
}
