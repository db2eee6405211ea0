import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { type ConvertOptions, detect, planBulk } from '@x/convert';

import { folderOf, refuseWhatIsLost } from './bulk-convert.ts';
import { FleetError } from './fleet-error.ts';
import { type FleetOptions, FleetRun } from './fleet-run.ts';
import type { Dataset } from './run-directory/dataset.ts';
import { fingerprintOf } from './run-directory/fingerprint.ts';
import { makeFolder } from './run-directory/folders.ts';
import { openNewRun } from './run-directory/open-run.ts';
import { type RecordLayout, recordRanges } from './split/record-ranges.ts';

/** The options of a conversion, how its work is done, and how large its parts are. */
export interface SplitOptions
  extends
    Omit<ConvertOptions, 'atomic' | 'durability' | 'onProgress' | 'rejects' | 'to' | 'signal'>,
    FleetOptions {
  /** What the parts become, as an extension: `jsonl.gz`, `parquet`. */
  readonly to: string;
  /** Bytes of the source in a part, at least; it ends with the record. Default 128 MiB. */
  readonly partBytes?: number | undefined;
  readonly takeover?: boolean | undefined;
}

/** Formats whose records can be told apart from the outside, with what separates cells by default. */
const delimiters: Readonly<Record<string, string | undefined>> = {
  csv: ',',
  tsv: '\t',
  psv: '|',
  ssv: ';',
  jsonl: undefined,
};

/**
 * Converts one large file of CSV (or TSV, PSV) or JSON Lines into a folder of parts, with as many
 * workers as there are. The source is cut between records; the folder is seen with all of its parts or not at
 * all: a new one appears by one rename; one that is there gets a version more, which `readDataset` reads.
 *
 * Every part has the same columns, so they must be known beforehand: of CSV by its header, of JSON Lines by
 * `columns` unless it stays JSON. Where the destination stores types, `types` says them.
 *
 * @throws {FleetError} `BAD_OPTION` for a file or options that this cannot be done with, `RUN_IN_PROGRESS`.
 */
export async function splitConvert(
  source: string | URL,
  dataset: string | URL,
  options: SplitOptions,
): Promise<FleetRun> {
  const { engine: _e, enqueue: _q, concurrency: _c, attempts: _a, retryDelay: _r, ...others } = options;
  const {
    memoryLimit: _l,
    signal: _s,
    drain: _d,
    metrics: _m,
    takeover,
    partBytes = 2 ** 27,
    to,
    ...conversion
  } = others;
  if (!Number.isSafeInteger(partBytes) || partBytes < 1) throw refused('partBytes is no number of bytes');
  const path = folderOf(source);
  const target = folderOf(dataset);
  const { format, layout } = await layoutOf(path, conversion);
  refuseUnknownColumns(format, to, conversion);
  const { header, ranges } = await recordRanges(path, partBytes, layout);
  const token = randomBytes(8).toString('hex');
  const isThere = await isFolder(target);
  const out = isThere ? target : join(dirname(target), `.${basename(target)}.parts`);
  const { options: shared } = await planBulk([path], out, { ...conversion, to: { ...endpointOf(to) } });
  const parts = ranges.map(
    (_range, i) => `${isThere ? `${token}/` : ''}part-${String(i).padStart(5, '0')}.${to}`,
  );
  refuseWhatIsLost(shared);
  await makeFolder(out);
  const fingerprint = await fingerprintOf(path);
  const run = await openNewRun(out, {
    options: { ...shared, from: { ...shared.from, format }, atomic: false },
    files: ranges.map((range, i) => ({
      source: resolve(path),
      destination: join(out, parts[i]!),
      part: { header, range },
      fingerprint,
    })),
    takeover,
    dataset: (isThere
      ? { kind: 'version', path: target, parts }
      : { kind: 'new', path: target }) satisfies Dataset,
  });
  return FleetRun.begin(run, options);
}

/** Format and codec are told by the names of the parts. */
const endpointOf = (to: string) => ({ pattern: `{stem}.${to}` });

async function layoutOf(
  path: string,
  { from = {} }: Pick<ConvertOptions, 'from'>,
): Promise<{ readonly format: string; readonly layout: RecordLayout }> {
  const found = await detect(path);
  const format = from.format ?? found.format;
  const { codec = found.codec } = from;
  if (codec !== undefined && codec !== 'identity')
    throw refused(`${path} is compressed (${codec}) and cannot be cut`);
  if (format === undefined || !Object.hasOwn(delimiters, format)) {
    throw refused(`the records of ${format ?? 'an unknown format'} cannot be told apart from the outside`);
  }
  const {
    delimiter = delimiters[format],
    quote = '"',
    escape,
    comment,
    skipLines,
    encoding,
    header = true,
  } = from as Readonly<Record<string, unknown>>;
  if (format === 'jsonl') return { format, layout: { hasHeader: false } };
  const given = { escape, comment, skipLines, encoding };
  const [hindrance] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (hindrance !== undefined) throw refused(`a file that is read with ${hindrance} cannot be cut`);
  if (typeof delimiter !== 'string' || delimiter.length !== 1)
    throw refused('say the delimiter, as one character');
  const quoteCode = typeof quote === 'string' && quote !== '' ? quote.codePointAt(0) : undefined;
  return {
    format,
    layout: {
      delimited: { delimiter: delimiter.codePointAt(0)!, quote: quoteCode },
      hasHeader: header === true,
    },
  };
}

/** What each part would find out for itself could be different in each. */
function refuseUnknownColumns(
  format: string,
  to: string,
  { columns, types, flatten }: Pick<ConvertOptions, 'columns' | 'types' | 'flatten'>,
): void {
  const isJson = /^jsonl?(?:\.|$)/.test(to);
  const isText = isJson || /^(?:csv|tsv|psv|ssv)(?:\.|$)/.test(to);
  if (format === 'jsonl' && !isJson && columns === undefined) {
    throw refused('say the columns: each part of JSON Lines would find out its own');
  }
  if (types === 'infer' || (types === undefined && !isText) || (flatten && columns === undefined)) {
    throw refused('say the types, as text or for each column: each part would infer its own');
  }
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (stats && !stats.isDirectory()) throw refused(`${path} is a file; a dataset is a folder`);
  return stats !== undefined;
}

const refused = (problem: string): FleetError => new FleetError('BAD_OPTION', problem);
