import { type CommonReadOptions, FormatError } from '@x/formats';
import { count, oneOf, type TableWriteOptions } from '@x/formats/rows';

import { codecNames, type CodecName } from './codec/codecs.ts';
import { format } from './errors.ts';

export interface AvroReadOptions extends CommonReadOptions {
  /** Bytes that a block may have, compressed or not. Default 256 MiB. */
  readonly maxBlockBytes?: number;
}

export interface AvroWriteOptions extends TableWriteOptions {
  /** How blocks are compressed. Default `deflate`, which every reader has to know. */
  readonly compression?: CodecName;
  /** The compression's own number: deflate 1 … 9, zstd 1 … 22. Default 6 and 3. */
  readonly compressionLevel?: number;
  /** Bytes that a block has before it is compressed, about. Default 64 KiB. */
  readonly blockBytes?: number;
  /** Name of the record, with its namespace if there is one. Default `Row`. */
  readonly recordName?: string;
  /**
   * A name of a column that Avro does not allow: it has letters of ASCII, digits and underscores, and no
   * digit first. `encode`: its other characters become `_x` and their number (`two words`: `two_x20_words`),
   * and the name itself goes into the property `x.name`, where this package looks for it. Default `error`.
   */
  readonly names?: 'error' | 'encode';
}

/** The write options with their defaults, checked. */
export interface WritePlan {
  readonly compression: CodecName;
  readonly level: number | undefined;
  readonly blockBytes: number;
  readonly recordName: string;
  readonly encodesNames: boolean;
}

/** @throws {FormatError} BAD_OPTION */
export function planWrite(options: AvroWriteOptions): WritePlan {
  const { recordName = 'Row' } = options;
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(recordName)) {
    throw new FormatError('BAD_OPTION', `recordName is ${JSON.stringify(recordName)}`, {
      format,
      hint: 'it takes names of letters, digits and underscores, with dots in between',
    });
  }
  return {
    compression: oneOf(format, 'compression', options.compression, codecNames),
    level: options.compressionLevel && count(format, 'compressionLevel', options.compressionLevel, 1, 1),
    blockBytes: count(format, 'blockBytes', options.blockBytes, 64 * 1024, 1),
    recordName,
    encodesNames: oneOf(format, 'names', options.names, ['error', 'encode']) === 'encode',
  };
}

/** @throws {FormatError} BAD_OPTION */
export function maxBlockBytesOf(options: AvroReadOptions): number {
  return count(format, 'maxBlockBytes', options.maxBlockBytes, 256 * 1024 * 1024, 1);
}
