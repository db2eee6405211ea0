import { constants } from 'node:fs';

import { errorCode } from '../errors.ts';
import { closing } from '../host/closing.ts';
import { isUnsupported, platformOf } from '../host/platform.ts';
import { type Steps, call } from '../host/steps.ts';
import type { Settings } from '../options.ts';
import { warn } from '../warnings.ts';

type Syncing = Pick<Settings, 'host' | 'onWarning'>;

/** Makes the names in a directory survive a power cut, where the system has a way to. */
export function* syncDirectory(directory: string, settings: Syncing): Steps<void> {
  const fd = yield* openDirectory(directory, settings);
  if (fd !== undefined) yield* syncOpenDirectory(fd, directory, settings);
}

/** Undefined, with a warning, if it cannot be opened at all. */
export function* openDirectory(directory: string, settings: Syncing): Steps<number | undefined> {
  if (!platformOf(settings.host.platform).syncsDirectories) return undefined;
  try {
    return yield* call((fs) => fs.open(directory, constants.O_RDONLY, 0));
  } catch (error) {
    warnIfUnsupported(error, directory, settings);
    return undefined;
  }
}

/** Closes it as well. */
export function* syncOpenDirectory(fd: number, directory: string, settings: Syncing): Steps<void> {
  yield* closing(fd, sync(fd, directory, settings));
}

function* sync(fd: number, directory: string, settings: Syncing): Steps<void> {
  try {
    yield* call((fs) => fs.fsync(fd));
  } catch (error) {
    warnIfUnsupported(error, directory, settings);
  }
}

function warnIfUnsupported(error: unknown, directory: string, settings: Syncing): void {
  const code = errorCode(error);
  // EACCES: a directory that may be written but not read.
  if (!isUnsupported(code) && code !== 'EACCES') throw error;
  const message = `${directory} cannot be synced (${code}): a power cut may bring the old file back`;
  warn(settings, 'DIRECTORY_NOT_SYNCED', message, error);
}
