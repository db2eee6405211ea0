import { constants } from 'node:fs';

import { errorCode } from '../errors.ts';
import { isUnsupported, platformOf } from '../host/platform.ts';
import { type Steps, call } from '../host/steps.ts';
import type { Settings } from '../options.ts';
import { warn } from '../warnings.ts';

/** Makes the names in a directory survive a power cut, where the system has a way to. */
export function* syncDirectory(
  directory: string,
  settings: Pick<Settings, 'host' | 'onWarning'>,
): Steps<void> {
  if (!platformOf(settings.host.platform).syncsDirectories) return;
  try {
    const fd = yield* call((fs) => fs.open(directory, constants.O_RDONLY, 0));
    try {
      yield* call((fs) => fs.fsync(fd));
    } finally {
      yield* call((fs) => fs.close(fd));
    }
  } catch (error) {
    const code = errorCode(error);
    // EACCES: a directory that may be written but not read.
    if (!isUnsupported(code) && code !== 'EACCES') throw error;
    warn(
      settings,
      'DIRECTORY_NOT_SYNCED',
      `${directory} cannot be synced (${code}): a power cut may bring the old file back`,
      error,
    );
  }
}
