import type { Codec, CodecName } from './codec.ts';
import { codecs } from './codecs.ts';

/** Bytes that are enough to recognise every codec that can be recognised by its magic bytes. */
export const headLength = 16;

/**
 * Recognises a codec by a file's name (its last extension, in any case) or by its first bytes.
 * Returns `undefined` for anything else; `brotli` and raw deflate have no magic bytes.
 */
export function detectCodec(pathOrHead: string | Uint8Array): CodecName | undefined {
  if (typeof pathOrHead !== 'string') return codecs.find((codec) => codec.magic?.(pathOrHead) === true)?.name;
  const path = pathOrHead.toLowerCase();
  return codecs.find((codec) => codec.extensions.some((extension) => path.endsWith(extension)))?.name;
}

/**
 * The codec of a head, else of a path. zstd and lz4 have skippable frames in common: of codecs that a
 * head can belong to, the path decides.
 */
export function detectWithPath(head: Uint8Array, path: string | undefined): Codec | undefined {
  const named = path === undefined ? undefined : find(detectCodec(path));
  return named?.magic?.(head) === true ? named : (find(detectCodec(head)) ?? named);
}

const find = (name: string | undefined): Codec | undefined => codecs.find((codec) => codec.name === name);
