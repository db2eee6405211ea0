export type { ByteStream, StreamStats } from './byte-stream.ts';
export type { BytesSource } from './chunk-source.ts';
export { CodecError, type CodecErrorCode, type CodecErrorDetails } from './codec-error.ts';
export type {
  Codec,
  CodecCapabilities,
  CodecName,
  CompressOptions,
  DecompressOptions,
  Kernel,
  Level,
  Levels,
  Run,
} from './codec.ts';
export { byName, codecs } from './codecs.ts';
export { detectCodec } from './detect.ts';
export type { Limits } from './limits.ts';
export { createCompressor, createDecompressor } from './node-stream.ts';
export {
  compress,
  decompress,
  type CompressSpec,
  type DecompressSpec,
  type StreamOptions,
} from './transcode.ts';
