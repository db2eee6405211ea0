import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

import { type BulkOptions, type ConversionJob, planBulk } from '@x/convert';

import type { Engine } from './engine/engine.ts';
import { FleetError } from './fleet-error.ts';
import { type FleetOptions, FleetRun } from './fleet-run.ts';
import { queueRun } from './queue-run.ts';
import { fingerprintOf } from './run-directory/fingerprint.ts';
import { makeFolder } from './run-directory/folders.ts';
import { FoundOnDisk } from './run-directory/found-on-disk.ts';
import { type RunFolder, successPath } from './run-directory/layout.ts';
import { findRun, openNewRun } from './run-directory/open-run.ts';
import type { NewFile } from './run-directory/plan-file.ts';
import { forgetFailures } from './run-directory/set-aside.ts';
import { withdrawChanged } from './run-directory/verify.ts';

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
  return FleetRun.begin(await planRun(sources, outDir, options), options);
}

/**
 * Writes a run down and converts nothing: for workers elsewhere, who find it by the output folder, and
 * those of a shared engine, which is given the work to hand out.
 *
 * @throws As {@link bulkConvert}.
 */
export async function detachRun(
  sources: string | URL | readonly (string | URL)[],
  outDir: string | URL,
  options: Omit<FleetBulkOptions, 'engine'> & { readonly engine?: Engine | undefined },
): Promise<RunFolder> {
  const folder = await planRun(sources, outDir, options);
  await queueRun(folder, options.engine);
  return folder;
}

async function planRun(
  sources: string | URL | readonly (string | URL)[],
  outDir: string | URL,
  options: FleetBulkOptions,
): Promise<RunFolder> {
  const { takeover, ...rest } = options;
  const { engine: _e, enqueue: _q, concurrency: _c, attempts: _a, retryDelay: _r, ...others } = rest;
  const { memoryLimit: _l, signal, drain: _d, metrics: _m, ...conversion } = others;
  const out = folderOf(outDir);
  const found = new FoundOnDisk(out);
  try {
    // Where sources and outputs share a folder, the manifest of the run before is no source.
    const manifest = successPath(out);
    const bulk = { ...conversion, manifest, signal };
    const { files, options: shared } = await planBulk(sources, out, bulk, found);
    refuseWhatIsLost(shared);
    await makeFolder(out);
    return await openNewRun(out, {
      // The link that publishes is made durable here, the content by the conversion.
      options: { ...shared, atomic: false },
      files: pinned(files, signal),
      takeover,
    });
  } finally {
    await found.close();
  }
}

/** Sources that are looked at at a time: each that is waited for takes memory. */
const looksAtOnce = 64;

async function* pinned(
  files: AsyncIterable<ConversionJob>,
  signal: AbortSignal | undefined,
): AsyncGenerator<NewFile, void> {
  let batch: Promise<NewFile>[] = [];
  for await (const file of files) {
    const pinning = pin(file);
    // Whoever waits for the batch hears of it; until then it is not unhandled.
    pinning.catch(() => undefined);
    batch.push(pinning);
    if (batch.length < looksAtOnce) continue;
    yield* await Promise.all(batch);
    batch = [];
    signal?.throwIfAborted();
  }
  yield* await Promise.all(batch);
}

async function pin({ source, destination, rejects }: ConversionJob): Promise<NewFile> {
  return {
    source: resolve(source),
    destination: resolve(destination),
    rejects: rejects && resolve(rejects),
    fingerprint: await fingerprintOf(source),
  };
}

export interface JoinOptions extends FleetOptions {
  /** Tries again what was set aside. Default `false`. */
  readonly retryFailed?: boolean | undefined;
  /** Makes outputs anew that somebody has written to since they were published. Default `false`. */
  readonly redoChanged?: boolean | undefined;
}

/**
 * Goes on with a run: one that was interrupted, or one that others work on as well. What is published
 * stays; what was set aside is tried again if `retryFailed` says so.
 *
 * @param run The folder of the outputs, whose newest run it is, or the run's own.
 * @throws {FleetError} `BAD_RUN` if there is none.
 */
export async function joinRun(
  run: string | URL,
  { retryFailed = false, redoChanged = false, ...options }: JoinOptions = {},
): Promise<FleetRun> {
  const folder = await findRun(folderOf(run));
  if (retryFailed) await forgetFailures(folder);
  if (redoChanged) await withdrawChanged(folder);
  return FleetRun.begin(folder, options);
}

export const folderOf = (folder: string | URL): string =>
  resolve(folder instanceof URL ? fileURLToPath(folder) : folder);

/** Workers elsewhere get the options as JSON. */
export function refuseWhatIsLost(options: object): void {
  const lost = Object.entries(options).find(
    ([, value]) => value !== undefined && !isDeepStrictEqual(value, JSON.parse(JSON.stringify(value))),
  );
  if (lost === undefined) return;
  const [name] = lost;
  throw new FleetError('BAD_OPTION', `option ${name} is no JSON, so workers elsewhere cannot get it`, {
    hint: 'Give the names of formats, which the workers then find in their own packages, and finite numbers',
  });
}
