import type { FileHandle } from 'node:fs/promises';

import { ConvertError } from '../errors.ts';

/**
 * Bytes from a place in a file, in a buffer of their own.
 *
 * @throws {ConvertError} `SOURCE_UNREADABLE` where the file ends before.
 */
export async function readExactly(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) {
      const what = `the file ends at byte ${position + done}, and ${length} bytes from ${position} on are needed`;
      throw new ConvertError('SOURCE_UNREADABLE', what, { hint: 'was it cut while it was read?' });
    }
    done += bytesRead;
  }
  return bytes;
}
