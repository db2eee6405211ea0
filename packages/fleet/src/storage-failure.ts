import { randomBytes } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ConvertError } from '@x/convert';

import { FleetError, systemCode } from './fleet-error.ts';
import type { RunFolder } from './run-directory/layout.ts';

/** No room: only who writes is told so. */
const full = new Set(['ENOSPC', 'EDQUOT']);
/** The file system, its server or this process can do no more at the moment. */
const failing = new Set(['EIO', 'ESTALE', 'EROFS', 'ENXIO', 'ENODEV', 'ETIMEDOUT', 'EMFILE', 'ENFILE']);
/** A file system without hard links says one of these when it is asked for one. */
const linkless = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Whether it was the storage of the run that failed, and not what was to be converted. */
export function isOfStorage(error: unknown, run: RunFolder, source: string): boolean {
  const code = systemCode(error);
  if (code === undefined) return false;
  if (full.has(code)) return true;
  if (hasNoLinks(error)) return true;
  if (!failing.has(code)) return false;
  const { path } = error as { readonly path?: unknown };
  // A conversion reads as well as it writes, and what it writes is in the run's folder.
  if (error instanceof ConvertError) return typeof path === 'string' && path.startsWith(run.path);
  return path !== source;
}

function hasNoLinks(error: unknown): boolean {
  const { syscall } = error as { readonly syscall?: unknown };
  return syscall === 'link' && linkless.has(systemCode(error) ?? '');
}

export function storageFailed({ out }: Pick<RunFolder, 'out'>, cause: unknown): FleetError {
  if (hasNoLinks(cause)) {
    return new FleetError(
      'STORAGE_FAILED',
      'the file system has no hard links, by which runs decide who publishes',
      {
        path: out,
        hint: `Choose another one for the outputs; \`x doctor ${out}\` tells what a file system can do`,
        cause,
      },
    );
  }
  return new FleetError('STORAGE_FAILED', `the storage of the run fails: ${(cause as Error).message}`, {
    path: out,
    hint: 'Mend it, then resume the run: what is published stays, and this counts as no attempt of an input',
    cause,
  });
}

/**
 * Before there is anything to lose: what every commit takes.
 *
 * @throws {FleetError} `STORAGE_FAILED` where a file system has no hard links.
 */
export async function refuseLinkless(folder: string, out: string): Promise<void> {
  const own = join(folder, `link-${randomBytes(8).toString('hex')}`);
  const other = `${own}-2`;
  try {
    await writeFile(own, '', { flag: 'wx' });
    await link(own, other);
  } catch (error) {
    throw hasNoLinks(error) ? storageFailed({ out }, error) : error;
  } finally {
    await Promise.all([own, other].map((path) => rm(path, { force: true })));
  }
}
