import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';

import { detectCodec } from '@x/codecs';
import { type ConvertOptions, detect, type Detection, openReader, type RowReader } from '@x/convert';

import type { Cli } from '../commands/cli.ts';
import { standardInput } from '../streams/standard-input.ts';

/** Enough to tell what a file is. */
const headSize = 64 * 1024;

export interface Inspected {
  readonly reader: RowReader;
  readonly detection: Pick<Detection, 'format' | 'codec' | 'method'>;
  /** Length of the standard input in bytes, where it is known. */
  readonly size: number | undefined;
}

/** Opens a file, or the standard input, and says by what it was told what it is. */
export async function openInspected(cli: Cli, file: string, options: ConvertOptions): Promise<Inspected> {
  const input = file === '-' ? await peeked(cli) : undefined;
  const head = input?.head;
  if (options.from?.format === undefined) {
    const detection = await detect(head ?? file);
    const from = { ...options.from, ...(head && { codec: options.from?.codec ?? detection.codec }) };
    const reader = await openReader(input?.bytes ?? file, { ...options, from });
    return { reader, detection, size: input?.size };
  }
  const reader = await openReader(input?.bytes ?? file, options);
  const codec = options.from.codec ?? detectCodec(head ?? (await headOf(file))) ?? 'identity';
  const detection = {
    format: reader.format,
    codec: codec as Detection['codec'],
    method: 'explicit' as const,
  };
  return { reader, detection, size: input?.size };
}

async function headOf(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headSize), 0, headSize, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The standard input and its first bytes, which it still gives. */
async function peeked({ terminal, signal }: Cli) {
  const { bytes, size } = standardInput(terminal, signal);
  const chunks: AsyncIterator<Uint8Array> = bytes[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  for (let length = 0; length < headSize;) {
    const { value, done } = await chunks.next();
    if (done) break;
    first.push(value);
    length += value.length;
  }
  const head = Buffer.concat(first);
  async function* all(): AsyncGenerator<Uint8Array, void> {
    try {
      if (head.length > 0) yield head;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    } finally {
      await chunks.return?.();
    }
  }
  return { head, size, bytes: Readable.from(all(), { objectMode: false }) };
}
