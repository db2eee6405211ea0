import { Writable } from 'node:stream';

import type { Row } from '@x/formats';

import { ConvertError } from '../errors.ts';
import type { WritingTold } from '../losses.ts';
import type { ParsedOptions } from '../options.ts';
import { checkDestination, planDestination, sameFile } from '../plan.ts';
import { originOf, pathOf } from '../source/path-of.ts';
import { isSameFile } from '../source/same-file.ts';
import type { ByteOutput, Destination } from './destination.ts';
import { EncodedDestination } from './encoded-destination.ts';
import { DirectFile, openAtomicFile } from './file-destination.ts';
import { NoDestination, RowsDestination } from './rows-destination.ts';
import { NodeStreamDestination, WebStreamDestination } from './stream-destination.ts';

/** Somebody who takes rows one by one, such as a `RowWriter`. */
export interface RowSink {
  write(row: Row): Promise<void> | void;
}

/** A path, a file URL, a stream with `to.format`, an array to collect rows in, or who takes them. */
export type DestinationLike =
  | string
  | URL
  | NodeJS.WritableStream
  | WritableStream<Uint8Array>
  | Row[]
  | RowSink;

/**
 * Opens a destination without touching what is there.
 *
 * @param from The source's path, which may be the same file only if the destination is atomic.
 * @throws {ConvertError} for a destination that cannot work.
 */
export async function openDestination(
  destination: DestinationLike | null,
  from: string | undefined,
  options: ParsedOptions,
  told: WritingTold,
): Promise<Destination> {
  const encoding = { signal: options.signal, ...told };
  if (destination === null) return new NoDestination();
  if (Array.isArray(destination)) return new RowsDestination((row) => void destination.push(row), undefined);
  if (typeof destination === 'string' || destination instanceof URL) {
    const path = pathOf(destination);
    await checkDestination(path, from, options.atomic);
    const side = await planDestination(path, options);
    const output = options.atomic ? await openAtomicFile(path, options) : new DirectFile(path);
    return new EncodedDestination(output, side, encoding);
  }
  const stream = streamOutput(destination, options.signal);
  if (stream) {
    await refuseUnusable(destination, from);
    return new EncodedDestination(stream, await planDestination(undefined, options), encoding);
  }
  // A Buffer has a method of that name, too.
  const canWrite = isObject(destination) && !ArrayBuffer.isView(destination) && 'write' in destination;
  if (canWrite && typeof destination.write === 'function') {
    const sink = destination as RowSink;
    return new RowsDestination((row) => sink.write(row), options.signal);
  }
  throw noDestination();
}

/**
 * Rows that go nowhere are what a pipeline may be asked for; elsewhere somebody's variable is empty.
 *
 * @throws {ConvertError} `BAD_OPTION`.
 */
export function refuseNothing(destination: DestinationLike | null): void {
  if (destination === null) throw noDestination('; to count rows only, use pipeline()');
}

function noDestination(more = ''): ConvertError {
  return new ConvertError('BAD_OPTION', 'the destination is neither a path nor a stream nor an array', {
    hint: `give a path, a file URL, a writable stream with to.format, or an array to collect rows in${more}`,
  });
}

/**
 * Refuses a stream that takes nothing any more, for which some versions of Node.js would wait for ever,
 * and one into the file that is read.
 *
 * @throws {ConvertError} `DESTINATION_CLOSED` or `SAME_FILE`.
 */
async function refuseUnusable(stream: object, from: string | undefined): Promise<void> {
  if ('writable' in stream && stream.writable === false) {
    const cause = 'errored' in stream ? stream.errored : undefined;
    const hint = 'give a stream that has been neither ended nor destroyed';
    throw new ConvertError(
      'DESTINATION_CLOSED',
      'the destination stream is already closed',
      { hint },
      { cause },
    );
  }
  const to = originOf(stream);
  if (to !== undefined && from !== undefined && (await isSameFile(to, from))) throw sameFile(to);
}

/** Lets the reader of a stream see that no more will come, also where nothing came. */
export async function abandonStream(
  destination: DestinationLike | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  await streamOutput(destination, signal)?.discard(undefined);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function streamOutput(
  destination: DestinationLike | null,
  signal: AbortSignal | undefined,
): ByteOutput | undefined {
  if (!isObject(destination)) return undefined;
  if (destination instanceof WritableStream) return new WebStreamDestination(destination, signal);
  // Streams of other versions of the streams package are no instances of this Writable.
  const isNode =
    destination instanceof Writable || ('writableHighWaterMark' in destination && 'pipe' in destination);
  return isNode ? new NodeStreamDestination(destination as Writable, signal) : undefined;
}
