import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';

import { defaultBatchSize } from '../convert.ts';
import { ConvertError } from '../errors.ts';
import { runPlan } from '../run-plan.ts';
import { pathOf } from '../source/path-of.ts';
import type { BulkOptions, ParsedBulkOptions } from './bulk-options.ts';
import { BulkMeter } from './bulk-progress.ts';
import { type BulkConversionResult, summary } from './bulk-result.ts';
import type { FoundFiles } from './found-files.ts';
import { ManifestError } from './manifest-error.ts';
import { Manifest } from './manifest.ts';
import { parseBulkOptions } from './parse-bulk-options.ts';
import { endpointOf, type Job, type NamedJob, nameJobs, planJobs } from './plan-jobs.ts';
import { type Runner, runJobs } from './run-jobs.ts';
import { canUseThreads } from './thread.ts';
import { ThreadRunner } from './thread-runner.ts';
import type { SharedOptions } from './wire.ts';

/** Find the files → name their outputs → refuse what collides → convert each → write the manifest → report. */
export async function runBulk(
  sources: string | URL | readonly (string | URL)[],
  outDir: string | URL,
  options: BulkOptions,
): Promise<BulkConversionResult> {
  const parsed = parseBulkOptions(options);
  const { signal } = parsed;
  signal?.throwIfAborted();
  const jobs = await planJobs(listOf(sources), pathOf(outDir), parsed);
  const manifest = parsed.manifest === undefined ? undefined : await Manifest.open(pathOf(parsed.manifest));
  // What can be known of it now should not be known only when all files are converted.
  await manifest?.makeFolder();

  const meter = new BulkMeter(jobs, parsed);
  const concurrency = parsed.concurrency ?? concurrencyFor(jobs);
  const runner = runnerFor(parsed, concurrency);
  try {
    const files = await runJobs(jobs, runner, {
      stopOnError: parsed.stopOnError,
      signal,
      isToBeSkipped: (job) => isToBeSkipped(job, parsed.onExists, manifest),
      onProgress: (index, progress) => meter.advance(index, progress),
      onDone: (index, result) => meter.done(index, result),
    });
    try {
      await manifest?.write(jobs, files);
    } catch (error) {
      throw new ManifestError(pathOf(parsed.manifest!), summary(files, meter), error);
    }
    signal?.throwIfAborted();
    meter.finish();
    return summary(files, meter);
  } finally {
    await runner.close();
  }
}

/** The files of a bulk conversion, in the order of their sources, as they are asked for. None of them is looked at. */
export function findJobs(
  sources: string | URL | readonly (string | URL)[],
  outDir: string | URL,
  options: BulkOptions,
  found?: FoundFiles,
): Promise<AsyncIterable<NamedJob>> {
  return nameJobs(listOf(sources), pathOf(outDir), parseBulkOptions(options), found);
}

function listOf(sources: string | URL | readonly (string | URL)[]): readonly (string | URL)[] {
  const list: readonly unknown[] = Array.isArray(sources) ? sources : [sources];
  if (list.every(isSource)) return list;
  const wrong = String(list.find((one) => !isSource(one)));
  throw new ConvertError('BAD_OPTION', `a source (${wrong}) is neither a path nor a file URL`, {
    hint: 'give paths, folders, globs or file URLs',
  });
}

function isSource(one: unknown): one is string | URL {
  return one instanceof URL || (typeof one === 'string' && one !== '');
}

/** Bytes below which starting threads takes longer than they save. */
const worthThreads = 8e6;
const mostThreads = 8;

/** Files that a thread takes at a time: more gain nothing, and each takes memory. */
const mostInHand = 3;

function concurrencyFor(jobs: readonly Job[]): number {
  const bytes = jobs.reduce((sum, { sourceState }) => sum + (sourceState?.size ?? 0), 0);
  return bytes < worthThreads ? 1 : Math.min(mostThreads, availableParallelism());
}

function runnerFor(parsed: ParsedBulkOptions, concurrency: number): Runner {
  const { signal, onProgress } = parsed;
  const options = sharedOptions(parsed);
  if (concurrency > 1 && canUseThreads(options, concurrency)) {
    const data = { options, reportsProgress: onProgress !== undefined };
    // What is in hand when a file fails is converted all the same, so it should be little.
    const filesPerThread = parsed.stopOnError ? 1 : mostInHand;
    return new ThreadRunner(data, { mostThreads: concurrency, filesPerThread, signal });
  }
  return {
    filesAtOnce: concurrency,
    run: ({ source, destination, rejects }, report) =>
      runPlan({
        source,
        destination,
        options: { ...options, rejects, onProgress: onProgress && report, signal },
      }),
    close: async () => {},
  };
}

/** What each conversion is told, as far as it is the same for all. */
export function conversionOptions<Options extends BulkOptions | ParsedBulkOptions>(options: Options) {
  const {
    recursive: _r,
    preserveDirs: _p,
    concurrency: _c,
    stopOnError: _s,
    onExists: _e,
    ...others
  } = options;
  const { manifest: _m, rejects: _j, onProgress: _o, onFound: _f, signal: _a, ...conversion } = others;
  return { ...conversion, to: endpointOf(options.to) };
}

/** The same, checked and with the defaults filled in. */
function sharedOptions(parsed: ParsedBulkOptions): SharedOptions {
  return { ...conversionOptions(parsed), batchSize: parsed.batchSize ?? defaultBatchSize };
}

async function isToBeSkipped(
  job: Job,
  onExists: ParsedBulkOptions['onExists'],
  manifest: Manifest | undefined,
): Promise<boolean> {
  if (onExists === 'overwrite') return false;
  const { destination: path } = job;
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return false;
  if (onExists === 'skip') return !manifest || manifest.vouchesFor(job);
  throw new ConvertError('DESTINATION_EXISTS', 'the output is there already', {
    path,
    hint: "with onExists: 'overwrite' it is replaced, with 'skip' it stays",
  });
}
