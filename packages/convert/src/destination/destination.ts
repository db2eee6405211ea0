import type { Batch, ByteSink, Schema } from '@x/formats';

/** What takes the batches of a run. Nothing that was there is touched before the first of them. */
export interface Destination {
  /** Whether what was there stays as it is until {@link commit}. */
  readonly atomic: boolean;
  /** Bytes written so far; 0 where rows stay rows. */
  readonly bytesWritten: number;
  /**
   * Takes all batches, to the end of the format and of the codec.
   *
   * @param schema The columns, asked for when all batches are through.
   */
  receive(batches: AsyncIterable<Batch>, schema: () => Promise<Schema>): Promise<void>;
  commit(): Promise<void>;
  /** Gives up. An atomic destination is then as it was; another keeps what it has been given. */
  discard(reason: unknown): Promise<void>;
}

/** Writes bytes, and resolves after the last of them. */
export type Produce = (sink: ByteSink) => Promise<void>;

/** What takes the bytes of an encoded destination. */
export interface ByteOutput {
  readonly atomic: boolean;
  /**
   * Lets a producer write, and resolves when all of it has been taken. A chunk must not change before its
   * write has resolved, and the next one is not written earlier.
   */
  writeAll(produce: Produce): Promise<void>;
  commit(): Promise<void>;
  discard(reason: unknown): Promise<void>;
}
