import type { AtomicWriteErrorCode } from '../error-codes.ts';
import { abortError, errorCode } from '../errors.ts';
import { platformOf } from '../host/platform.ts';
import { type Steps, call } from '../host/steps.ts';
import type { Settings } from '../options.ts';
import { type Target } from '../write/target.ts';

const firstDelay = 10;
const longestDelay = 100;

const passing: ReadonlySet<AtomicWriteErrorCode> = new Set<AtomicWriteErrorCode>([
  'EPERM',
  'EACCES',
  'EBUSY',
]);

/**
 * Renames, and tries again for `retryTimeout` where the system refuses for reasons that pass.
 *
 * @param verify Runs before each further try: while waiting, the name may have got to another file.
 */
export function* renamePatiently(
  from: string,
  target: Pick<Target, 'path'>,
  settings: Pick<Settings, 'host' | 'retryTimeout' | 'signal'>,
  verify: () => Steps<unknown>,
): Steps<void> {
  const { signal, retryTimeout, host } = settings;
  const start = yield* call((fs) => fs.now());
  for (let delay = firstDelay; ; delay = Math.min(delay + firstDelay, longestDelay)) {
    try {
      yield* call((fs) => fs.rename(from, target.path));
      return;
    } catch (error) {
      const left = retryTimeout - ((yield* call((fs) => fs.now())) - start);
      if (left <= 0 || !passing.has(errorCode(error))) throw error;
      const there = yield* call((fs) => fs.lstat(target.path));
      if (there !== undefined && platformOf(host.platform).refusesReplacement(there)) throw error;
      yield* pause(Math.min(delay, left), target.path, signal);
      yield* verify();
    }
  }
}

function* pause(milliseconds: number, path: string, signal: AbortSignal | undefined): Steps<void> {
  try {
    yield* call((fs) => fs.sleep(milliseconds, signal));
  } catch (error) {
    if (signal?.aborted === true) throw abortError(signal, { path });
    throw error;
  }
  if (signal?.aborted === true) throw abortError(signal, { path });
}
