import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

import { type BulkOptions, planBulk } from '@x/convert';

import { FleetError } from './fleet-error.ts';
import { type FleetOptions, FleetRun } from './fleet-run.ts';
import { fingerprintOf } from './run-directory/fingerprint.ts';
import { makeFolder } from './run-directory/folders.ts';
import { openLatestRun, openNewRun } from './run-directory/open-run.ts';
import { forgetFailures } from './run-directory/set-aside.ts';

/** The options of a bulk conversion, and how its work is done. Every output is atomic. */
export interface FleetBulkOptions
  extends
    Omit<BulkOptions, 'atomic' | 'durability' | 'onProgress' | 'manifest' | 'stopOnError' | 'onExists'>,
    FleetOptions {
  /** Takes the output folder from a run that has not ended, whose workers then publish nothing more. Default `false`. */
  readonly takeover?: boolean | undefined;
}

/**
 * Converts many files with as many workers as there are, one published result per input, whatever
 * becomes of the workers: the run is written down beside the outputs, and anyone can go on with it.
 *
 * @throws {FleetError} `RUN_IN_PROGRESS`. {ConvertError} What `bulkConvert` of `@x/convert` raises before
 * it writes anything.
 */
export async function bulkConvert(
  sources: string | URL | readonly (string | URL)[],
  outDir: string | URL,
  options: FleetBulkOptions,
): Promise<FleetRun> {
  const { engine, concurrency, attempts, retryDelay, signal, takeover, ...conversion } = options;
  const out = folderOf(outDir);
  const { files, options: shared } = await planBulk(sources, out, conversion);
  refuseWhatIsLost(shared);
  await makeFolder(out);
  const folder = await openNewRun(out, {
    // The link that publishes is made durable here, the content by the conversion.
    options: { ...shared, atomic: true, durability: 'data' },
    files: await Promise.all(
      files.map(async ({ source, destination, rejects }) => ({
        source: resolve(source),
        destination: resolve(destination),
        rejects: rejects && resolve(rejects),
        fingerprint: await fingerprintOf(source),
      })),
    ),
    takeover,
  });
  return FleetRun.begin(folder, { engine, concurrency, attempts, retryDelay, signal });
}

/**
 * Goes on with the newest run of an output folder: one that was interrupted, or one that others work on
 * as well. What is published stays; what was set aside is tried again if `retryFailed` says so.
 *
 * @throws {FleetError} `BAD_RUN` if there is none.
 */
export async function joinRun(
  outDir: string | URL,
  { retryFailed = false, ...options }: FleetOptions & { readonly retryFailed?: boolean } = {},
): Promise<FleetRun> {
  const folder = await openLatestRun(folderOf(outDir));
  if (retryFailed) await forgetFailures(folder);
  return FleetRun.begin(folder, options);
}

const folderOf = (folder: string | URL): string =>
  resolve(folder instanceof URL ? fileURLToPath(folder) : folder);

/** Workers elsewhere get the options as JSON. */
function refuseWhatIsLost(options: object): void {
  const lost = Object.entries(options).find(
    ([, value]) => value !== undefined && !isDeepStrictEqual(value, JSON.parse(JSON.stringify(value))),
  );
  if (lost === undefined) return;
  const [name] = lost;
  throw new FleetError('BAD_OPTION', `option ${name} is no JSON, so workers elsewhere cannot get it`, {
    hint: 'Give the names of formats, which the workers then find in their own packages, and finite numbers',
  });
}
