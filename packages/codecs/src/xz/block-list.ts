import { createHash } from 'node:crypto';

/**
 * What an index records of blocks, for comparison: a stream may have millions of them, so they are
 * not kept.
 */
export class BlockList {
  count = 0;
  readonly #hash = createHash('sha256');

  /**
   * @param packedLength Length of a block in bytes, without the padding.
   * @param length Length of its content in bytes.
   */
  add(packedLength: number, length: number): void {
    this.count++;
    this.#hash.update(`${packedLength},${length};`);
  }

  /** Ends both lists and says whether they have the same blocks. */
  equals(other: BlockList): boolean {
    return this.count === other.count && this.#hash.digest().equals(other.#hash.digest());
  }
}
