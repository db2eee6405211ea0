/** Bytes of a source, opened, with its beginning already read. To be iterated once. */
export interface ByteInput extends AsyncIterable<Uint8Array> {
  /** The file, where it is one. */
  readonly path: string | undefined;
  /** Length in bytes, where it is known. */
  readonly size: number | undefined;
  /** The first bytes, from which the content can be told; empty only where there are none. */
  readonly head: Uint8Array;
  /** Bytes that have been handed out so far. */
  readonly bytesRead: number;
  close(): Promise<void>;
}
