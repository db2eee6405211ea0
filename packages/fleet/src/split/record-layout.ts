import { open, stat } from 'node:fs/promises';

import { type ConvertOptions, detect } from '@x/convert';

import { FleetError } from '../fleet-error.ts';
import type { RecordLayout } from './record-ranges.ts';

/** Formats whose records can be told apart from the outside, with what separates cells by default. */
const delimiters: Readonly<Record<string, string | undefined>> = {
  csv: ',',
  tsv: '\t',
  psv: '|',
  ssv: ';',
  jsonl: undefined,
};

/** Options of a source that say nothing of where a record ends, and nothing that each part would count anew. */
const harmless = new Set([
  'format',
  'codec',
  'delimiter',
  'quote',
  'header',
  'onDuplicateColumn',
  'onEmptyColumnName',
  'maxRecordBytes',
  'maxDepth',
  'maxColumns',
]);

/**
 * How the records of a file can be told apart without reading what is in them.
 *
 * @throws {FleetError} `BAD_OPTION` where they cannot.
 */
export async function layoutOf(
  path: string,
  from: NonNullable<ConvertOptions['from']>,
): Promise<{ readonly format: string; readonly layout: RecordLayout }> {
  const stats = await stat(path).catch(() => undefined);
  if (stats !== undefined && !stats.isFile()) {
    throw refused(path, 'it is no file, and only a file can be cut', 'Write what it gives to a file first');
  }
  const found = await detect(path);
  const format = from.format ?? found.format;
  const { codec = found.codec } = from;
  if (codec !== undefined && codec !== 'identity') {
    throw refused(
      path,
      `it is compressed (${codec}), and nothing in it can be found without all before it`,
      'Decompress it into a file first, with any tool or `x convert`, and split that',
    );
  }
  if (format === undefined || !Object.hasOwn(delimiters, format)) {
    throw refused(
      path,
      `the records of ${format ?? 'an unknown format'} cannot be told apart`,
      `Those of ${Object.keys(delimiters).join(', ')} can; \`x convert\` makes one of the others, in one piece`,
    );
  }
  const hindrance = Object.entries(from).find(
    ([name, value]) => value !== undefined && !harmless.has(name) && !isUtf8(name, value),
  )?.[0];
  if (hindrance !== undefined) throw refused(path, `a file that is read with ${hindrance} cannot be cut`);
  await refuseUtf16(path);
  if (format === 'jsonl') return { format, layout: { hasHeader: false } };
  const { delimiter = delimiters[format], quote = '"', header = true } = from as Record<string, unknown>;
  if (typeof delimiter !== 'string' || delimiter.length !== 1)
    throw refused(path, 'its delimiter must be said, as one character');
  const quoteCode = typeof quote === 'string' && quote !== '' ? quote.codePointAt(0) : undefined;
  return {
    format,
    layout: {
      delimited: { delimiter: delimiter.codePointAt(0)!, quote: quoteCode },
      hasHeader: header === true,
    },
  };
}

const isUtf8 = (name: string, value: unknown): boolean =>
  name === 'encoding' && typeof value === 'string' && /^utf-?8$/i.test(value);

/** Its byte order mark is in the first part alone. */
async function refuseUtf16(path: string): Promise<void> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(2);
    await file.read(head, 0, 2, 0);
    const mark = head.readUInt16BE();
    if (mark !== 0xfeff && mark !== 0xfffe) return;
  } finally {
    await file.close();
  }
  throw refused(
    path,
    'it is UTF-16, and only UTF-8 can be cut',
    'Make it UTF-8 first: `x convert` reads it and writes UTF-8',
  );
}

export const refused = (path: string, problem: string, hint?: string): FleetError =>
  new FleetError('BAD_OPTION', problem, { path, hint });
