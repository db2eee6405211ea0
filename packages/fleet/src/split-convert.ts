import { randomBytes } from 'node:crypto';
import { rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { type ConvertOptions, type Endpoint, listFormats, planBulk } from '@x/convert';

import { folderOf, refuseWhatIsLost } from './bulk-convert.ts';
import type { Engine } from './engine/engine.ts';
import { type FleetOptions, FleetRun } from './fleet-run.ts';
import { queueRun } from './queue-run.ts';
import { type Dataset, standingOf } from './run-directory/dataset.ts';
import { fingerprintOf } from './run-directory/fingerprint.ts';
import { type RunFolder, runsFolder, stagingOf } from './run-directory/layout.ts';
import { openNewRun, prepareFolder } from './run-directory/open-run.ts';
import type { FilePart } from './split/convert-part.ts';
import { layoutOf, refused } from './split/record-layout.ts';
import { type RecordLayout, type RecordRanges, recordRanges } from './split/record-ranges.ts';
import { settleColumns } from './split/settled-columns.ts';

/** The options of a conversion, how its work is done, and how large its parts are. */
export interface SplitOptions
  extends
    Omit<ConvertOptions, 'atomic' | 'durability' | 'onProgress' | 'rejects' | 'to' | 'signal'>,
    FleetOptions {
  /** What the parts become, as an extension: `jsonl.gz`, `parquet`. Default: what the source is. */
  readonly to?: string | Endpoint | undefined;
  /** Bytes of the source in a part, at least; it ends with the record. Default 128 MiB. */
  readonly partBytes?: number | undefined;
  /** Folder for the rows that are skipped, in a file for each part. */
  readonly rejects?: string | URL | undefined;
  readonly takeover?: boolean | undefined;
  /** Told how much of the source has been looked through for places to cut, of how many bytes. */
  readonly onScan?: ((bytes: number, total: number) => void) | undefined;
}

/**
 * Converts one large file of CSV (or TSV, PSV) or JSON Lines into a folder of parts, with as many
 * workers as there are. The source is cut between records; the folder is seen with all of its parts or not at
 * all: a new one appears by one rename; a dataset that is there gets a version more. `readDataset` says which
 * files are the newest one.
 *
 * Every part has the same columns and types: those that the first rows have, as in a conversion of the whole; of
 * JSON Lines that becomes something else, those of `columns`.
 *
 * @throws {FleetError} `BAD_OPTION` for a file or options that this cannot be done with, `RUN_IN_PROGRESS`,
 * `DATASET_EXISTS` where the folder is there and is no dataset. {ConvertError} What reading the first rows raises.
 */
export async function splitConvert(
  source: string | URL,
  dataset: string | URL,
  options: SplitOptions = {},
): Promise<FleetRun> {
  return FleetRun.begin(await planSplit(source, dataset, options), options);
}

/**
 * Writes the run of a split down and converts nothing, as `detachRun` does it for many files.
 *
 * @throws As {@link splitConvert}.
 */
export async function detachSplit(
  source: string | URL,
  dataset: string | URL,
  options: Omit<SplitOptions, 'engine'> & { readonly engine?: Engine | undefined } = {},
): Promise<RunFolder> {
  const folder = await planSplit(source, dataset, options);
  await queueRun(folder, options.engine);
  return folder;
}

const defaultPartBytes = 2 ** 27;

type Dialect = NonNullable<RecordLayout['delimited']>;

async function planSplit(
  source: string | URL,
  target: string | URL,
  options: SplitOptions,
): Promise<RunFolder> {
  const { engine: _e, enqueue: _q, concurrency: _c, attempts: _a, retryDelay: _r, ...others } = options;
  const { memoryLimit: _l, drain: _d, metrics: _m, onScan, takeover, signal, ...rest } = others;
  const { partBytes = defaultPartBytes, to: wanted, rejects, ...conversion } = rest;
  const path = folderOf(source);
  const dataset = folderOf(target);
  if (!Number.isSafeInteger(partBytes) || partBytes < 1) {
    throw refused(path, `partBytes is ${partBytes}, and no number of bytes from 1 on`);
  }
  const { format, layout } = await layoutOf(path, conversion.from ?? {});
  const to = typeof wanted === 'string' || wanted?.['pattern'] !== undefined ? wanted : { format, ...wanted };
  const standing = await standingOf(dataset);
  const out = standing === 'dataset' ? dataset : stagingOf(dataset);
  const { files, options: shared } = await planBulk([path], out, { ...conversion, to });
  let output = '';
  for await (const { destination } of files) output = basename(destination);
  const extension = extensionOf(output, basename(path));
  const { names, types } = await settleColumns(path, format, formatOf(to, extension), {
    ...conversion,
    signal,
  });
  const fingerprint = await fingerprintOf(path);
  const total = Number(fingerprint?.split('-')[0]);
  const hasBlankRows = names?.length === 1;
  const onProgress = onScan && ((bytes: number): void => onScan(bytes, total));
  let cut: RecordRanges;
  try {
    // Before the file is looked through, which takes a while.
    await prepareFolder(out, takeover);
    cut = await recordRanges(path, partBytes, { ...layout, hasBlankRows }, { signal, onProgress });
  } catch (error) {
    if (standing === 'absent') await removeEmpty(out);
    throw error;
  }
  // Where a file does not name its columns, each part names those that it has as a whole.
  const { delimited } = layout;
  const isNamed = delimited === undefined || layout.hasHeader;
  const header = isNamed ? cut.header : headerOf(path, names!, delimited);
  const parts = cut.ranges.map((range): FilePart => ({ header, range }));
  const token = randomBytes(8).toString('hex');
  const folder = standing === 'dataset' ? `parts-${token}/` : '';
  const partNames = parts.map((_part, i) => `${folder}part-${String(i).padStart(5, '0')}.${extension}`);
  const described = {
    ...shared,
    types,
    from: { ...shared.from, format, ...(!isNamed && { header: true }) },
    atomic: false,
  };
  refuseWhatIsLost(described);
  return openNewRun(out, {
    options: described,
    files: parts.map((part, i) => ({
      source: path,
      destination: join(out, partNames[i]!),
      part,
      rejects:
        rejects === undefined
          ? undefined
          : join(folderOf(rejects), `${basename(partNames[i]!)}.rejects.jsonl`),
      fingerprint,
    })),
    takeover,
    dataset: {
      kind: standing === 'dataset' ? 'version' : 'new',
      path: dataset,
      parts: partNames,
    } satisfies Dataset,
  });
}

/** A folder in which there is no run, and never was. */
async function removeEmpty(out: string): Promise<void> {
  for (const path of [join(out, runsFolder), out]) await rmdir(path).catch(() => undefined);
}

/** What comes behind the stem of a name, which an output has from its source. */
function extensionOf(output: string, source: string): string {
  let stem = source;
  while (!output.startsWith(`${stem}.`)) stem = stem.slice(0, stem.lastIndexOf('.'));
  return output.slice(stem.length + 1);
}

/** Name of the format of the parts, as far as it is one that everybody has. */
function formatOf(to: string | Endpoint, extension: string): string | undefined {
  if (typeof to !== 'string' && to.format !== undefined) return to.format;
  const own = `.${extension.split('.')[0]}`;
  return listFormats().find(({ extensions }) => extensions.includes(own))?.name;
}

/** A first record that names the columns, as the file spells its own. */
function headerOf(path: string, names: readonly string[], { delimiter, quote }: Dialect): string {
  const quoteText = quote === undefined ? '' : String.fromCodePoint(quote);
  const special = ['\n', '\r', String.fromCodePoint(delimiter), quoteText].filter(Boolean);
  const cells = names.map((name) => {
    if (name !== '' && !special.some((one) => name.includes(one))) return name;
    if (quote === undefined) throw refused(path, `a file without quotes can have no column named '${name}'`);
    return `${quoteText}${name.replaceAll(quoteText, quoteText + quoteText)}${quoteText}`;
  });
  return names.length === 0 ? '' : `${cells.join(String.fromCodePoint(delimiter))}\n`;
}
