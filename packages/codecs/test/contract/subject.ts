import { crc32 } from 'node:zlib';

import { compress, decompress, type ByteStream, type BytesSource, type StreamOptions } from '@x/codecs';

/** A codec as the contract sees it: what is particular to it, as data. */
export interface Subject {
  codec: string;
  /** What goes with the codec's name in a spec. */
  spec?: Record<string, unknown>;
  /** Packs with a reference tool, where the codec cannot. */
  pack?: (content: Uint8Array) => Promise<Uint8Array>;
  /** Why the codec cannot be tested here. */
  unavailable?: string | undefined;
  /** Whether members can follow each other; otherwise a second one is trailing data. */
  concatenation: boolean;
  /** Whether zero bytes may follow a member, and another member after them. */
  padding: boolean;
  /** Whether the content has a checksum: damage then never leads to other content. */
  checksum: boolean;
  /** Lengths to which the format may be cut without a trace. */
  completeAt?: (packed: Uint8Array) => readonly number[];
  /** Bits that can be flipped without a trace, although the content has a checksum. */
  unprotected?: (place: { offset: number; bit: number }) => boolean;
  /** Sizes at whose edges the codec does something special, in bytes. */
  edges?: readonly number[];
  /** MiB that go and come back; 64 unless the codec takes very long for them. */
  mebibytes?: number;
  /** Bytes that the codec may pull from its source ahead of its consumer. */
  ahead?: number;
}

export const unpackStream = (subject: Subject, packed: BytesSource, options?: StreamOptions): ByteStream =>
  decompress(packed, { codec: subject.codec, ...subject.spec }, options);

export const unpack = async (subject: Subject, packed: BytesSource): Promise<Buffer> =>
  Buffer.from(await unpackStream(subject, packed).bytes());

export const packStream = (subject: Subject, content: BytesSource, options?: StreamOptions): ByteStream =>
  compress(content, { codec: subject.codec, ...subject.spec }, options);

const packed = new Map<string, Buffer>();

/** Packs; what was packed once is remembered, because some of the tools take their time. */
export async function pack(subject: Subject, content: Uint8Array): Promise<Buffer> {
  const key = [subject.codec, JSON.stringify(subject.spec), content.length, crc32(content)].join();
  const known = packed.get(key);
  if (known !== undefined) return known;
  const bytes = Buffer.from(await (subject.pack?.(content) ?? packStream(subject, content).bytes()));
  packed.set(key, bytes);
  return bytes;
}
