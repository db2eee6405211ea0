import { ByteCursor } from './byte-cursor.ts';
import { PulledByteStream, type ByteStream, type Pull } from './byte-stream.ts';
import { CodecError } from './codec-error.ts';
import type { BytesSource, Codec, CodecName, CompressOptions, Level, Run } from './codec.ts';
import { byName, codecs } from './codecs.ts';
import { detectWithPath, headLength } from './detect.ts';
import { Interruption } from './interruption.ts';
import { levelOf } from './level.ts';
import { resolveLimits, type Limits, type ResolvedLimits } from './limits.ts';

/** A codec as a value or by its name; a name that no codec has raises `BAD_OPTION`. */
export type CodecReference = Codec | CodecName | (string & {});

/** A codec, and how to compress with it. */
export interface CompressSpec {
  codec: CodecReference;
  /** Default: what the reference tool takes, except brotli 4. */
  level?: Level;
  /** Whether to store a checksum where the format leaves the choice. Default `true`. */
  checksum?: boolean;
  /** Length of the whole input in bytes, where it is known; some formats then use less memory. */
  size?: number;
}

export interface DecompressSpec {
  /** `'auto'`: by the magic bytes, then by the extension of `path`. */
  codec: CodecReference;
}

export interface StreamOptions {
  /** Ends the run with the signal's reason. */
  signal?: AbortSignal;
  /** Name of the file, for error messages, and for `'auto'` where the magic bytes tell nothing. */
  path?: string;
  limits?: Limits;
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
  const settings: CompressSpec = typeof spec === 'object' && 'codec' in spec ? spec : { codec: spec };
  const codec = resolveCodec(settings.codec);
  const limits = resolveLimits(codec.name, options.limits);
  if (codec.capabilities.levels !== undefined) levelOf(codec.name, codec.capabilities.levels, settings.level);
  const size = settings.size ?? (source instanceof Uint8Array ? source.length : undefined);
  const kernelOptions: CompressOptions = { level: settings.level, checksum: settings.checksum, size };
  return stream(source, options, { ...limits, ratio: Infinity }, async function* (run) {
    run.codec = codec.name;
    const encode = await codec.encoder();
    yield* encode(run, kernelOptions);
  });
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
  const wanted = typeof spec === 'object' && 'codec' in spec ? spec.codec : spec;
  const known = wanted === 'auto' ? undefined : resolveCodec(wanted);
  const limits = resolveLimits(known?.name ?? 'auto', options.limits);
  return stream(source, options, limits, async function* (run) {
    const codec = known ?? (await recognise(run, options.path));
    run.codec = codec.name;
    const decode = await codec.decoder();
    yield* decode(run, { windowLog: limits.windowLog });
  });
}

function resolveCodec(codec: CodecReference): Codec {
  if (typeof codec === 'object') return codec;
  const known = byName(codec);
  if (known !== undefined) return known;
  const names = codecs.map(({ name }) => name).join(', ');
  throw new CodecError('BAD_OPTION', {
    codec,
    problem: 'there is no such codec',
    hint: `Use one of ${names}`,
  });
}

async function recognise(run: Run, path: string | undefined): Promise<Codec> {
  const codec = detectWithPath(await run.input.lookAhead(headLength), path);
  if (codec !== undefined) return codec;
  throw run.error('UNKNOWN_FORMAT', 'neither the first bytes nor the name tell how the data is compressed', {
    hint: "Name the codec; 'identity' is for data that is not compressed",
  });
}

type OpenRun = Run & { codec: string };

function stream(
  source: BytesSource,
  options: StreamOptions,
  limits: ResolvedLimits,
  kernel: (run: OpenRun) => AsyncGenerator<Uint8Array, void, undefined>,
): ByteStream {
  const stats = { bytesIn: 0, bytesOut: 0, members: 0 };
  const start = (): Pull => {
    const interruption = new Interruption(options.signal);
    const input = new ByteCursor(source, interruption);
    const run: OpenRun = {
      codec: 'auto',
      input,
      stats,
      error: (code, problem, details) =>
        new CodecError(code, {
          codec: run.codec,
          problem,
          ...details,
          offset: input.offset,
          bytesOut: stats.bytesOut,
          path: options.path,
        }),
    };
    async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        for await (const chunk of kernel(run)) {
          interruption.throwIfInterrupted();
          stats.bytesIn = input.received;
          checkLimits(run, limits, input.received, stats.bytesOut + chunk.length);
          stats.bytesOut += chunk.length;
          if (chunk.length > 0) yield chunk;
        }
        stats.bytesIn = input.received;
        interruption.throwIfInterrupted();
      } finally {
        interruption.release();
        await input.close();
      }
    }
    return { chunks: chunks(), stop: () => interruption.interrupt(undefined) };
  };
  return new PulledByteStream(stats, start);
}

function checkLimits(run: Run, limits: ResolvedLimits, bytesIn: number, bytesOut: number): void {
  const hint = 'Raise the limit if the data can be trusted';
  if (bytesOut > limits.outputBytes) {
    throw run.error('LIMIT', `the output is longer than limits.outputBytes, ${limits.outputBytes} bytes`, {
      hint,
    });
  }
  if (bytesOut > limits.ratioFrom && bytesOut > limits.ratio * bytesIn) {
    throw run.error(
      'LIMIT',
      `the output is more than limits.ratio, ${limits.ratio} times, as long as the input`,
      { hint },
    );
  }
}
