import { AtomicWriteError, errorCode } from '../errors.ts';
import { type Pending, checkSignal, circumstancesOf, openDescriptor } from './pending.ts';
import { type Steps, call } from '../host/steps.ts';

/** Bounds how long an abort waits for the disk, at no measurable cost. */
const largestWrite = 16 * 1024 * 1024;
/** A full pipe that its opener made non-blocking takes more only after a while. */
const fullPipeDelay = 5;

/**
 * Writes all of the bytes after what was written before. Node.js reports a write that was cut
 * short, by a full disk for one, as success with a smaller count: only the next write fails.
 */
export function* append(pending: Pending, chunks: readonly Uint8Array[]): Steps<void> {
  let rest = chunks.filter((chunk) => chunk.length > 0);
  while (rest.length > 0) {
    checkSignal(pending);
    const written = yield* writeSome(pending, rest);
    if (written === 0) {
      throw new AtomicWriteError(`The system takes no more bytes for ${pending.target.path}`, {
        ...circumstancesOf(pending),
        code: 'EIO',
        syscall: 'write',
      });
    }
    if (pending.kind === 'temp') pending.size += written;
    rest = afterBytes(rest, written);
  }
}

function* writeSome(pending: Pending, chunks: readonly Uint8Array[]): Steps<number> {
  const fd = openDescriptor(pending);
  const [first] = chunks;
  for (;;) {
    try {
      if (first === undefined || chunks.length > 1) return yield* call((fs) => fs.writev(fd, chunks));
      return yield* call((fs) => fs.write(fd, first, 0, Math.min(first.length, largestWrite)));
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN' || pending.kind !== 'straight') throw error;
    }
    yield* call((fs) => fs.sleep(fullPipeDelay, pending.settings.signal));
  }
}

/** What is left of the chunks after so many bytes. */
function afterBytes(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  let skip = count;
  let whole = 0;
  for (const { length } of chunks) {
    if (skip < length) break;
    skip -= length;
    whole++;
  }
  const rest = chunks.slice(whole);
  const [first] = rest;
  if (first !== undefined && skip > 0) rest[0] = first.subarray(skip);
  return rest;
}
