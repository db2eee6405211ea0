import { PulledByteStream, type ByteStream } from './byte-stream.ts';
import { checkOptions } from './check-options.ts';
import { CodecError } from './codec-error.ts';
import type { BytesSource } from './chunk-source.ts';
import type { Codec, CodecName, CompressOptions, Level, Run } from './codec.ts';
import { byName, codecs } from './codecs.ts';
import { detectWithPath, headLength } from './detect.ts';
import { levelOf } from './level.ts';
import { resolveLimits, type Limits, type ResolvedLimits } from './limits.ts';
import { ByteRun, type OpenKernel, type OpenRun } from './run.ts';
import { threadsOf } from './threads.ts';

/** A codec as a value or by its name; a name that no codec has raises `BAD_OPTION`. */
export type CodecReference = Codec | CodecName | (string & {});

/** A codec, and how to compress with it. */
export interface CompressSpec {
  codec: CodecReference;
  /** Default: what the reference tool takes, except brotli 4. */
  level?: Level;
  /**
   * Threads to use at most, where the codec can use several. The bytes do not depend on it.
   * Default `'auto'`: as many as the machine has for us.
   */
  threads?: number | 'auto';
  /** Whether to store a checksum where the format leaves the choice. Default `true`. */
  checksum?: boolean;
  /**
   * Length of the whole input in bytes, where it is known; some formats store it or use less
   * memory. An input of another length raises `BAD_OPTION`.
   */
  size?: number;
  /** zstd: content that the input has much in common with, or a dictionary trained by `zstd --train`. */
  dictionary?: Uint8Array;
  /** deflate: without the header and the checksum of the zlib format. Default `false`. */
  raw?: boolean;
}

/** A codec, and how to decompress with it. */
export interface DecompressSpec {
  /** `'auto'`: by the magic bytes, then by the extension of `path`. */
  codec: CodecReference;
  /** zstd: the dictionary that the input was compressed with. */
  dictionary?: Uint8Array;
  /** deflate: without the header and the checksum of the zlib format. Default `false`. */
  raw?: boolean;
}

export interface StreamOptions {
  /** Ends the run with the signal's reason. */
  signal?: AbortSignal;
  /** Name of the file, for error messages, and for `'auto'` where the magic bytes tell nothing. */
  path?: string;
  limits?: Limits;
  /**
   * Whether a chunk is valid only until the next one is asked for, when it is read as an async
   * iterable. It saves a large part of the time of fast decoders. Default `false`: every chunk has
   * memory of its own, as it always has in `toNode()`, `toWeb()` and `bytes()`.
   */
  reuse?: boolean;
}

/**
 * Compresses bytes. Throws `BAD_OPTION` at once for options that the codec does not take; whatever
 * else goes wrong is raised where the result is read.
 */
export function compress(
  source: BytesSource,
  spec: CodecReference | CompressSpec,
  options: StreamOptions = {},
): ByteStream {
  const settings: CompressSpec = readSpec(spec);
  const codec = resolveCodec(settings.codec);
  checkStreamOptions(codec.name, options);
  const kernelOptions = compressOptions(codec, settings, source);
  const kernel: OpenKernel = async function* (run) {
    run.codec = codec.name;
    const encode = await codec.encoder();
    yield* encode(run, kernelOptions);
    checkSize(run, settings.size);
  };
  const limits = resolveLimits(codec.name, options.limits);
  return stream(kernel, source, options, { ...limits, ratio: Infinity });
}

/**
 * Decompresses bytes: all members or frames of the input, to its verified end. `'auto'` goes by the
 * magic bytes, then by the extension of `options.path`, and raises `UNKNOWN_FORMAT` otherwise.
 *
 * Bytes are handed over before the checksum behind them was seen: only when the iteration has
 * ended without an error are they known to be right.
 */
export function decompress(
  source: BytesSource,
  spec: CodecReference | DecompressSpec,
  options: StreamOptions = {},
): ByteStream {
  const settings: DecompressSpec = readSpec(spec);
  const known = settings.codec === 'auto' ? undefined : resolveCodec(settings.codec);
  checkStreamOptions(known?.name ?? 'auto', options);
  const { dictionary, raw = false } = settings;
  const limits = resolveLimits(known?.name ?? 'auto', options.limits);
  const kernel: OpenKernel = async function* (run) {
    const codec = known ?? (await recognise(run, options.path));
    run.codec = codec.name;
    checkDictionary(codec, dictionary);
    const decode = await codec.decoder();
    yield* decode(run, { windowLog: limits.windowLog, dictionary, raw });
  };
  return stream(kernel, source, options, limits);
}

function readSpec<Spec extends DecompressSpec>(spec: CodecReference | Spec): Spec | DecompressSpec {
  if (typeof spec !== 'object' || spec === null || !('codec' in spec)) return { codec: spec };
  checkOptions(typeof spec.codec === 'string' ? spec.codec : 'codec', 'spec', spec);
  return spec;
}

function checkStreamOptions(codec: string, options: StreamOptions): void {
  checkOptions(codec, 'stream', options);
  const { signal } = options;
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw new CodecError('BAD_OPTION', { codec, problem: 'signal is no AbortSignal' });
}

function resolveCodec(codec: CodecReference): Codec {
  // What JavaScript hands over may be nothing, or an object that is no codec.
  if (typeof codec === 'object' && codec !== null && 'capabilities' in codec) return codec;
  const known = typeof codec === 'string' ? byName(codec) : undefined;
  if (known !== undefined) return known;
  const names = codecs.map(({ name }) => name).join(', ');
  throw new CodecError('BAD_OPTION', {
    codec: typeof codec === 'string' ? codec : typeof codec,
    problem: 'there is no such codec',
    hint: `Use one of ${names}`,
  });
}

function checkDictionary(codec: Codec, dictionary: Uint8Array | undefined): void {
  if (dictionary === undefined || codec.capabilities.dictionary) return;
  throw new CodecError('BAD_OPTION', {
    codec: codec.name,
    problem: 'there are no dictionaries for this codec',
    hint: 'Leave the dictionary out, or use zstd',
  });
}

function compressOptions(codec: Codec, spec: CompressSpec, source: BytesSource): CompressOptions {
  const { level = 'default', threads, checksum = true, dictionary, raw = false } = spec;
  const { levels } = codec.capabilities;
  if (levels !== undefined) levelOf(codec.name, levels, level);
  checkDictionary(codec, dictionary);
  const size = spec.size ?? (source instanceof Uint8Array ? source.length : undefined);
  return { level, threads: threadsOf(codec.name, threads), checksum, size, dictionary, raw };
}

function checkSize(run: OpenRun, size: number | undefined): void {
  const { received } = run.input;
  if (size === undefined || size === received) return;
  throw run.error('BAD_OPTION', `size is ${size}, but the input has ${received} bytes`);
}

async function recognise(run: Run, path: string | undefined): Promise<Codec> {
  const codec = detectWithPath(await run.input.lookAhead(headLength), path);
  if (codec !== undefined) return codec;
  throw run.error('UNKNOWN_FORMAT', 'neither the first bytes nor the name tell how the data is compressed', {
    hint: "Name the codec; 'identity' is for data that is not compressed",
  });
}

function stream(
  kernel: OpenKernel,
  source: BytesSource,
  options: StreamOptions,
  limits: ResolvedLimits,
): ByteStream {
  const { signal, path, reuse = false } = options;
  const stats = { bytesIn: 0, bytesOut: 0, members: 0 };
  const start = (mayReuse: boolean): ByteRun =>
    new ByteRun(kernel, { source, stats, limits, signal, path, reuse: reuse && mayReuse });
  return new PulledByteStream(stats, start);
}
