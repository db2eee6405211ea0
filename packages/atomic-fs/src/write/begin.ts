import { tmpdir } from 'node:os';
import path from 'node:path';

import { enlist } from '../cleanup/live-temps.ts';
import { abortError, errorCode, explain } from '../errors.ts';
import type { Steps } from '../host/steps.ts';
import type { Settings } from '../options.ts';
import { type CreatedTemp, createTemp } from './create-temp.ts';
import { type Pending, type TempPending, isStillOurs } from './pending.ts';
import { openStraight } from './straight-through.ts';
import { type Target, findTarget, isSpecial, refuseTarget } from './target.ts';

/** Finds the target and creates the temp. */
export function* begin(file: string, settings: Settings): Steps<Pending> {
  const { signal } = settings;
  if (signal?.aborted === true) throw abortError(signal, { path: file });
  const target = yield* findTarget(file, settings);
  refuseTarget(target, settings);
  try {
    return yield* start(target, settings);
  } catch (error) {
    throw explain(error, { path: target.path });
  }
}

function* start(target: Target, settings: Settings): Steps<Pending> {
  if (isSpecial(target, settings)) {
    return { kind: 'straight', settings, target, fd: yield* openStraight(target), committed: false };
  }
  const { temp, spooled } = yield* createTempOrSpool(target, settings);
  const pending: TempPending = {
    kind: 'temp',
    settings,
    target,
    temp,
    spooled,
    fd: temp.fd,
    directoryFd: undefined,
    size: 0,
    isShared: false,
    damaged: false,
    committed: false,
  };
  const { host } = settings;
  enlist({ path: temp.path, host, isOurs: (found) => isStillOurs(pending, found) });
  return pending;
}

/** Where no file can be created beside the target, the content waits elsewhere until it is whole. */
function* createTempOrSpool(
  target: Target,
  settings: Settings,
): Steps<{ temp: CreatedTemp; spooled: boolean }> {
  try {
    return { temp: yield* createTemp(target.path, settings), spooled: false };
  } catch (error) {
    const code = errorCode(error);
    const isDirectoryClosed = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    if (!isDirectoryClosed || settings.fallback !== 'in-place' || target.stats === undefined) throw error;
    const elsewhere = path.join(tmpdir(), path.basename(target.path));
    return { temp: yield* createTemp(elsewhere, { ...settings, tempName: 'unique' }), spooled: true };
  }
}
