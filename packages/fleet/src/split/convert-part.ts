import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';

import { writeFile } from '@x/atomic-fs';
import { type ConversionJob, type ConversionResult, ConvertError, type Converter } from '@x/convert';

import type { ByteRange, RecordRange } from './record-ranges.ts';

/** A part of a file that is converted as a file of its own. */
export interface FilePart {
  /** What is put before it to name the columns: bytes of the file, or a text where the file names none. */
  readonly header: ByteRange | string;
  readonly range: RecordRange;
}

const carriageReturn = 0x0d;
const chunkBytes = 1 << 18;

/**
 * Converts a part of a file. Threads convert files, so it is copied into one beside the output, where it is gone
 * with the run if it is left. Whatever is told of a place in it is told of that in the whole file.
 */
export async function convertPart(
  { source, destination, rejects }: ConversionJob,
  part: FilePart,
  converter: Pick<Converter, 'convert'>,
  signal: AbortSignal | undefined,
): Promise<ConversionResult> {
  const copy = `${destination}.part`;
  let headBytes = 0;
  const inWhole = (place: Place): Place => placeInWhole(place, part, headBytes);
  const rejected = rejects === undefined ? undefined : `${destination}.rejects`;
  try {
    const head = await headOf(source, part);
    headBytes = head.length;
    await writePart(source, part.range, { head, path: copy, signal });
    const result = await converter.convert({ source: copy, destination, rejects: rejected }, signal);
    if (rejects !== undefined) await publishRejects(rejected!, rejects, inWhole);
    return { ...result, bytesRead: part.range.end - part.range.start };
  } catch (error) {
    throw inWholeFile(error, copy, source, inWhole);
  } finally {
    await rm(copy, { force: true });
    if (rejected !== undefined) await rm(rejected, { force: true });
  }
}

/** What a part begins with. */
async function headOf(source: string, { header }: FilePart): Promise<Buffer> {
  if (typeof header === 'string') return Buffer.from(header);
  const { start, end } = header;
  const parts = end > start ? await createReadStream(source, { start, end: end - 1 }).toArray() : [];
  // With a line feed that a part may begin with, the carriage return would be one line break, and not two.
  if ((parts.at(-1) as Buffer | undefined)?.at(-1) === carriageReturn) parts.push(Buffer.from('\n'));
  return Buffer.concat(parts as Buffer[]);
}

async function writePart(
  source: string,
  { start, end }: ByteRange,
  {
    head,
    path,
    signal,
  }: { readonly head: Buffer; readonly path: string; readonly signal: AbortSignal | undefined },
): Promise<void> {
  async function* bytes(): AsyncGenerator<Uint8Array, void> {
    yield head;
    if (end > start) yield* createReadStream(source, { start, end: end - 1, highWaterMark: chunkBytes });
  }
  await pipeline(bytes, createWriteStream(path), signal ? { signal } : {});
}

/** A place as errors and rejects tell it: from 1, bytes from 0. */
interface Place {
  readonly row?: number | undefined;
  readonly line?: number | undefined;
  readonly byteOffset?: number | undefined;
}

function placeInWhole(
  { row, line, byteOffset }: Place,
  { header, range }: FilePart,
  headBytes: number,
): Place {
  const ownLines = typeof header === 'string' ? 1 : 0;
  return {
    row: row === undefined ? undefined : row + range.rowsBefore,
    line: line === undefined ? undefined : line + range.linesBefore - ownLines,
    // In the header it is where it was.
    byteOffset:
      byteOffset === undefined || byteOffset < headBytes ? byteOffset : byteOffset - headBytes + range.start,
  };
}

function inWholeFile(
  error: unknown,
  copy: string,
  source: string,
  inWhole: (place: Place) => Place,
): unknown {
  if (!(error instanceof ConvertError) || error.path !== copy) return error;
  // That the copy cannot be read is a failure of the disk that it is on.
  if ((error.cause as NodeJS.ErrnoException | undefined)?.syscall !== undefined) return error;
  const { code, message, format, column, hint, cause } = error;
  const place = { path: source, format, column, hint, ...inWhole(error) };
  return new ConvertError(code, message, place, cause === undefined ? {} : { cause });
}

async function publishRejects(from: string, to: string, inWhole: (place: Place) => Place): Promise<void> {
  async function* lines(): AsyncGenerator<string, void> {
    const input = createReadStream(from);
    try {
      for await (const line of createInterface({ input, crlfDelay: Infinity })) {
        const told = JSON.parse(line) as Place;
        yield `${JSON.stringify({ ...told, ...inWhole(told) })}\n`;
      }
    } finally {
      // Who reads lines of a stream leaves it open.
      input.destroy();
    }
  }
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, lines());
}
