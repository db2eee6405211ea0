/**
 * A whole zip file: its path, or its bytes. A zip file is read from its end, so a stream will not do.
 */
export type ZipSource = string | URL | Uint8Array;

export interface ZipListOptions {
  /** Name of the file, for error messages, where the source does not tell it. */
  path?: string;
  /** Entries at most; more raise `LIMIT`. Default 100 000. */
  limits?: { entries?: number };
}

/** What the directory of a zip file says of one entry. */
export interface ZipEntry {
  /** With `/` between folders, whose own entries end with it. */
  readonly name: string;
  /** Length of the content in bytes. */
  readonly size: number;
  /** Length of the compressed content in bytes. */
  readonly packedSize: number;
  /** How it is compressed, as a number of the specification: 0 stored, 8 deflate (APPNOTE 4.4.5). */
  readonly method: number;
  readonly encrypted: boolean;
  /** CRC-32 of the content. */
  readonly crc: number;
  /** Local time, as zip files record it, to two seconds. */
  readonly modified: Date;
}
