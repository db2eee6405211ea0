import { crc32 } from '../crc32.ts';

/** The header and the footer of an xz stream (The .xz File Format 1.2, 2.1.1 and 2.1.2): twelve bytes each. */

export const headerBytes = 12;
export const footerBytes = 12;

const magic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const footerMagic = [0x59, 0x5a];

export function isXz(head: Uint8Array): boolean {
  return head.length >= magic.length && beginsLikeXz(head);
}

/** Whether nothing in these bytes, however few, speaks against it. */
export const beginsLikeXz = (head: Uint8Array): boolean =>
  magic.every((byte, i) => i >= head.length || head[i] === byte);

/** Reads a header: the number of the check. `undefined` if the header is damaged. */
export function readHeader(header: Uint8Array): number | undefined {
  const view = viewOf(header);
  if (view.getUint32(8, true) !== crc32(header.subarray(6, 8))) return undefined;
  return checkOf(view.getUint16(6));
}

export interface Footer {
  check: number | undefined;
  /** Length of the index in bytes. */
  indexLength: number;
}

/** Reads a footer. `undefined` if it is damaged. */
export function readFooter(footer: Uint8Array): Footer | undefined {
  const view = viewOf(footer);
  if (view.getUint32(0, true) !== crc32(footer.subarray(4, 10))) return undefined;
  if (!footerMagic.every((byte, i) => footer[10 + i] === byte)) return undefined;
  return { check: checkOf(view.getUint16(8)), indexLength: 4 * (view.getUint32(4, true) + 1) };
}

/** `undefined` for flags that are not defined. */
const checkOf = (flags: number): number | undefined => (flags > 15 ? undefined : flags);

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
