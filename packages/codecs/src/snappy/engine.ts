import { loadPackage } from '../optional-package.ts';

/** What is used of the package snappy: the block format without any framing. */
export interface SnappyBlocks {
  compressSync(content: Uint8Array): Buffer;
  uncompressSync(block: Uint8Array, options: { asBuffer: true }): Uint8Array | string;
}

export const loadSnappy = (purpose: 'reading snappy' | 'writing snappy'): Promise<SnappyBlocks> =>
  loadPackage('snappy', purpose, 'snappy', () => import('snappy'));
