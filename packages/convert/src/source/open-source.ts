import { decompress } from '@x/codecs';
import type { Reader, Row } from '@x/formats';

import type { Detection } from '../detect/tell-side.ts';
import { ConvertError, explained } from '../errors.ts';
import type { ReadingTold } from '../losses.ts';
import type { ParsedOptions } from '../options.ts';
import { planSource, type SourceOptions, type SourceSide } from '../plan.ts';
import type { ByteInput } from './byte-input.ts';
import { FileSource, openFile } from './file-source.ts';
import { pathOf } from './path-of.ts';
import { hasBatches, ReaderSource } from './reader-source.ts';
import { RowsSource } from './rows-source.ts';
import { SpoolingReader } from './spooled-source.ts';
import { StreamSource } from './stream-source.ts';
import { isBegun, usedUp } from './used-up.ts';

/** Bytes that somebody else has opened. They need `from.format`, unless their content tells it. */
export type ByteStreamLike = NodeJS.ReadableStream | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * An object with the columns as keys, of whatever interface or class; neither a promise of one nor a
 * list. That an interface has no index signature makes it no `Row` in the eyes of TypeScript.
 */
export type RowLike = Row | (object & { readonly then?: undefined; readonly [Symbol.iterator]?: undefined });

/** Rows that are objects already. */
export type RowsLike = Iterable<RowLike> | AsyncIterable<RowLike>;

/** A path, a file URL, bytes or rows. */
export type Source = string | URL | ByteStreamLike | Uint8Array | RowsLike;

/** A source whose rows can be read. */
export interface OpenSource {
  readonly path: string | undefined;
  /** What the bytes are; undefined where the source is rows already. */
  readonly detection: Detection | undefined;
  readonly reader: Reader;
  /** Length in bytes, where it is known. */
  readonly size: number | undefined;
  /** Bytes taken so far. */
  readonly bytesRead: number;
  close(): Promise<void>;
}

/** @throws {ConvertError} if it cannot be opened, or nothing tells what it is. */
export async function openSource(
  source: Source,
  options: SourceOptions & { readonly batchSize: number },
  told: ReadingTold,
): Promise<OpenSource> {
  if (isRows(source, options)) {
    // Which columns to keep is found out row by row.
    const isReader = options.columns === undefined && hasBatches(source);
    const reader = isReader
      ? new ReaderSource(source, options.signal)
      : new RowsSource(source, { ...options, onBadRow: told.onBadRow });
    return {
      path: undefined,
      detection: undefined,
      reader,
      size: undefined,
      bytesRead: 0,
      close: () => reader.close(),
    };
  }
  const { signal } = options;
  const wasBegun = isBegun(source);
  const input = await openBytes(source, signal).catch((error: unknown) => {
    throw explained(error, {}, signal);
  });
  try {
    if (wasBegun && input.head.length === 0) throw usedUp();
    const side = await planSource(input, options);
    const { reader, close } = readerOf(input, side, { signal, ...told });
    return {
      path: input.path,
      detection: side.detection,
      reader,
      size: input.size,
      get bytesRead() {
        return input.bytesRead;
      },
      close: async () => {
        await close();
        await input.close();
      },
    };
  } catch (error) {
    await input.close();
    throw explained(error, { path: input.path }, signal);
  }
}

function readerOf(
  input: ByteInput,
  { format, formatOptions, codec, limits }: SourceSide,
  { signal, onBadRow, onPartialRow }: ReadingTold & { readonly signal: AbortSignal | undefined },
): { readonly reader: Reader; readonly close: () => Promise<void> } {
  const stream = {
    reuse: true,
    ...(limits && { limits }),
    ...(signal && { signal }),
    ...(input.path !== undefined && { path: input.path }),
  };
  const isPlain = codec.codec === 'identity' && limits === undefined;
  const bytes = isPlain ? input : decompress(input, codec, stream);
  const readOptions = {
    ...formatOptions,
    ...(onBadRow && { onBadRow }),
    ...(onPartialRow && { onPartialRow }),
  };
  const isDirect = bytes instanceof FileSource && bytes.size !== undefined;
  if (format.capabilities.randomAccess !== 'required' || isDirect) {
    return { reader: format.createReader(bytes, readOptions), close: async () => {} };
  }
  const reader = new SpoolingReader(bytes, (spool) => format.createReader(spool, readOptions));
  return { reader, close: () => reader.close() };
}

/**
 * An array or another iterable is rows, unless `from.format` says that it is bytes; so is a
 * Node.js stream in object mode. Other streams are bytes.
 */
function isRows(source: Source, options: ParsedOptions): source is RowsLike {
  if (typeof source === 'string' || source instanceof URL || source instanceof Uint8Array) return false;
  if (options.from.format !== undefined) return false;
  if (typeof source !== 'object' || source === null || source instanceof ReadableStream) return false;
  if ('readableObjectMode' in source) return source.readableObjectMode === true;
  return Symbol.asyncIterator in source || Symbol.iterator in source;
}

async function openBytes(source: Source, signal: AbortSignal | undefined): Promise<ByteInput> {
  if (typeof source === 'string' || source instanceof URL) return openFile(pathOf(source), signal);
  if (source instanceof Uint8Array) return StreamSource.open([source], { signal });
  if (
    typeof source === 'object' &&
    source !== null &&
    (Symbol.asyncIterator in source || Symbol.iterator in source)
  ) {
    return StreamSource.open(source as AsyncIterable<Uint8Array>, { signal });
  }
  throw new ConvertError('BAD_OPTION', 'the source is neither a path nor a stream nor rows', {
    hint: hintAt(source),
  });
}

function hintAt(source: unknown): string {
  if (source instanceof Blob) return 'of a Blob give its stream(), with from.format';
  if (source instanceof Response || source instanceof Request) return 'give its body, with from.format';
  return 'give a path, a file URL, a byte stream with from.format, or an iterable of rows';
}
