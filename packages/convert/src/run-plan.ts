import { compress, decompress } from '@x/codecs';
import type { ByteSink, Reader } from '@x/formats';

import type { FileSource } from './bytes-in.ts';
import { type Destination, openDestination } from './bytes-out.ts';
import { explained } from './errors.ts';
import type { Plan } from './plan.ts';
import { pulled } from './pulled.ts';
import { type ConversionResult, Meter } from './result.ts';

/**
 * The whole story of a conversion: source → decompress → read batches → write → compress →
 * destination, then commit and report.
 *
 * Everything is pulled from the destination's end, one batch at a time, so memory stays flat and a
 * failure anywhere is thrown at one place. The commit comes only after the decoder, the reader, the
 * writer and the encoder have each reached their own end.
 */
export async function runPlan(plan: Plan, source: FileSource): Promise<ConversionResult> {
  const { from, to, signal } = plan;
  const meter = new Meter(source);
  const stoppable = signal && { signal };
  try {
    const bytes = decompress(source, from.codec, { ...stoppable, path: from.path });
    const reader = from.format.createReader(bytes, from.formatOptions);
    const text = pulled((sink) => writeBatches(plan, reader, sink, meter));
    const packed = compress(text, to.codec, { ...stoppable, path: to.path });
    const destination = await openDestination(to.path, plan);
    try {
      await destination.writeAll(meter.written(packed));
      signal?.throwIfAborted();
      await destination.commit();
    } catch (error) {
      await discard(destination, error);
    }
    return meter.result(destination.atomic);
  } catch (error) {
    throw explained(error, { path: from.path }, signal);
  }
}

async function writeBatches(plan: Plan, reader: Reader, sink: ByteSink, meter: Meter): Promise<void> {
  const writer = plan.to.format.createWriter(sink, plan.to.formatOptions);
  for await (const batch of reader) {
    plan.signal?.throwIfAborted();
    await writer.write(meter.counted(batch));
  }
  await writer.finish(await reader.schema());
}

/** Gives the destination up and throws what made that necessary, even if giving up fails as well. */
async function discard(destination: Destination, reason: unknown): Promise<never> {
  try {
    await destination.discard();
  } catch (second) {
    if (reason instanceof Error && reason.cause === undefined) reason.cause = second;
  }
  throw reason;
}
