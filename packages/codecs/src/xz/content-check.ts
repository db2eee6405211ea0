import { createHash } from 'node:crypto';

import { crc32 } from '../crc32.ts';
import type { XzKernel } from './kernel.ts';

/** The checksum of a block's content. */
export interface ContentCheck {
  add(output: Uint8Array): void;
  digest(): Uint8Array;
}

/** Length of each check that the format has or has room for (The .xz File Format 1.2, 2.1.1.2). */
const lengths = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64] as const;

export const checkLength = (check: number): number => lengths[check] ?? 0;

/** Begins a check. `undefined` for one that the format does not define. */
export function beginCheck(check: number, kernel: XzKernel): ContentCheck | undefined {
  switch (check) {
    case 0:
      return { add: () => {}, digest: () => new Uint8Array(0) };
    case 1: {
      let crc = 0;
      return { add: (output) => void (crc = crc32(output, crc)), digest: () => littleEndian(BigInt(crc), 4) };
    }
    case 4:
      kernel.beginCrc();
      return { add: (output) => kernel.addToCrc(output), digest: () => littleEndian(kernel.crc(), 8) };
    case 10: {
      const hash = createHash('sha256');
      return { add: (output) => void hash.update(output), digest: () => hash.digest() };
    }
    default:
      return undefined;
  }
}

function littleEndian(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes.subarray(0, length);
}
