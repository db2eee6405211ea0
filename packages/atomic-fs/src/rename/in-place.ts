import { constants } from 'node:fs';

import { AtomicWriteError, errorCode } from '../errors.ts';
import { closing } from '../host/closing.ts';
import { type Steps, call } from '../host/steps.ts';
import { type TempPending, circumstancesOf } from '../write/pending.ts';

const bufferSize = 1024 * 1024;

/**
 * Copies the whole temp over the target: opt-in, for a target that cannot be replaced, such as a
 * file mounted into a container. A failure midway leaves the target damaged, so the temp stays.
 */
export function* rewriteInPlace(pending: TempPending): Steps<void> {
  const { temp } = pending;
  const source = yield* call((fs) => fs.open(temp.path, constants.O_RDONLY, 0));
  yield* closing(source, rewriteFrom(source, pending));
  pending.damaged = false;
}

function* rewriteFrom(source: number, pending: TempPending): Steps<void> {
  const { target } = pending;
  try {
    const sink = yield* call((fs) => fs.open(target.path, constants.O_WRONLY, 0));
    yield* closing(sink, fill(source, sink, pending));
  } catch (error) {
    throw pending.damaged ? damageOf(error, pending) : error;
  }
}

function* fill(source: number, sink: number, pending: TempPending): Steps<void> {
  const { settings } = pending;
  yield* copy(source, sink, pending);
  if (settings.mode !== undefined) {
    const mode = settings.mode & ~(yield* call((fs) => fs.umask()));
    yield* call((fs) => fs.fchmod(sink, mode));
  }
  if (settings.durability !== 'none') yield* call((fs) => fs.fsync(sink));
}

function* copy(source: number, sink: number, pending: TempPending): Steps<void> {
  const buffer = new Uint8Array(bufferSize);
  let length = 0;
  for (;;) {
    const read = yield* call((fs) => fs.read(source, buffer, 0, bufferSize, null));
    if (read === 0) break;
    pending.damaged = true;
    let written = 0;
    while (written < read) {
      const at = written;
      const count = yield* call((fs) => fs.write(sink, buffer, at, read - at));
      if (count === 0) throw new Error('The system takes no more bytes');
      written += count;
    }
    length += read;
  }
  pending.damaged = true;
  yield* call((fs) => fs.ftruncate(sink, length));
}

function damageOf(error: unknown, pending: TempPending): AtomicWriteError {
  const { path, tempPath } = circumstancesOf(pending);
  return new AtomicWriteError(
    `${path} was being rewritten in place, and may now be partly old and partly new. ` +
      `All of the new content is in ${tempPath}`,
    { ...circumstancesOf(pending), code: errorCode(error), cause: error },
  );
}
