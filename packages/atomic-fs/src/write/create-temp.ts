import type { BigIntStats } from 'node:fs';

import { announce, arrived } from '../cleanup/live-temps.ts';
import { AtomicWriteError, errorCode } from '../errors.ts';
import { quietly } from '../host/closing.ts';
import type { Settings } from '../options.ts';
import { platformOf } from '../host/platform.ts';
import { type Steps, call } from '../host/steps.ts';
import { nameTemp } from '../temp-name/temp-name.ts';

export interface CreatedTemp {
  readonly fd: number;
  readonly path: string;
  readonly stats: BigIntStats;
  /** The file that had the name `<target>.tmp` already: of a writer at work, or of a dead one. */
  readonly found: FoundTemp | undefined;
}

export interface FoundTemp {
  readonly path: string;
  readonly stats: BigIntStats;
}

/**
 * Nobody else may read or write a temp: the file it replaces may be a secret.
 *
 * The sticky bit has no meaning for a file, so no other program sets it. It tells sweep() that a
 * `<name>.tmp` in some directory is one of ours. It goes when the temp gets its final mode.
 */
const privateMode = 0o600;
const markedMode = 0o1600;

export const isMarked = (stats: BigIntStats): boolean => (Number(stats.mode) & 0o7777) === markedMode;

const attempts = 100;

/** Creates a file that was not there. That the name is free is for the kernel to say, nobody else. */
export function* createTemp(target: string, settings: Settings): Steps<CreatedTemp> {
  const { host, onTempExists } = settings;
  const mode = platformOf(host.platform).hasProc ? markedMode : privateMode;
  let { tempName } = settings;
  let shorter = false;
  let found: FoundTemp | undefined;
  for (let attempt = 0; ; attempt++) {
    const path = yield* nameTemp(target, tempName, host, shorter);
    const coming = { path, host };
    announce(coming);
    try {
      const fd = yield* call((fs) => fs.open(path, 'wx', mode));
      return { fd, path, found, stats: yield* statCreated(fd, path) };
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENAMETOOLONG' && !shorter) {
        shorter = true;
      } else if (code === 'EEXIST' && onTempExists === 'recover' && attempt < attempts) {
        if (tempName === 'suffix') found = yield* lookAt(path);
        tempName = 'unique';
      } else if (code === 'EEXIST') {
        throw new AtomicWriteError(`The temp ${path} exists already`, {
          code,
          syscall: 'open',
          path: target,
        });
      } else {
        throw error;
      }
    } finally {
      // Whoever asked for the temp enlists it before anything else can happen.
      arrived(coming);
    }
  }
}

function* statCreated(fd: number, path: string): Steps<BigIntStats> {
  try {
    return yield* call((fs) => fs.fstat(fd));
  } catch (error) {
    yield* quietly(call((fs) => fs.close(fd)));
    yield* quietly(call((fs) => fs.unlink(path)));
    throw error;
  }
}

function* lookAt(path: string): Steps<FoundTemp | undefined> {
  const stats = yield* call((fs) => fs.lstat(path));
  return stats?.isFile() === true ? { path, stats } : undefined;
}
