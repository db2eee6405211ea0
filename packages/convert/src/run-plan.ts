import type { Batch } from '@x/formats';

import { oneColumnWarning } from './detect/one-column.ts';
import { defaultTypes } from './destination/default-types.ts';
import type { Destination } from './destination/destination.ts';
import { abandonStream, type DestinationLike, openDestination } from './destination/open-destination.ts';
import { type ConvertError, explained, placed } from './errors.ts';
import { Losses } from './losses.ts';
import type { ParsedOptions } from './options.ts';
import { Rejects } from './rejects.ts';
import { type ConversionResult, Meter } from './result.ts';
import { filePath, originOf } from './source/path-of.ts';
import { openSource, type OpenSource, type Source } from './source/open-source.ts';
import { processed, type Processing } from './transform/process-rows.ts';
import { transformed } from './transform/transform.ts';

/** All that a run needs to know. */
export interface Plan {
  readonly source: Source;
  readonly destination: DestinationLike | null;
  readonly options: ParsedOptions & { readonly batchSize: number };
  /** What a pipeline does with each row. */
  readonly processing?: ((meter: Meter) => Processing) | undefined;
}

/**
 * The whole story of a conversion: open the source → decompress → read batches → transform →
 * write → compress → commit → report.
 *
 * Everything is pulled from the destination's end, one batch at a time, so memory stays flat and a
 * failure anywhere is thrown at one place. The commit comes only after the decoder, the reader, the
 * writer and the encoder have each reached their own end, and every row is accounted for.
 */
export async function runPlan(plan: Plan): Promise<ConversionResult> {
  const { options } = plan;
  const { signal } = options;
  signal?.throwIfAborted();
  let [source, rejects, losses]: [OpenSource?, Rejects?, Losses?] = [];
  try {
    source = await openSource(
      plan.source,
      { ...options, typesByDefault: await defaultTypes(plan.destination, options) },
      Losses.whileReading(options, () => losses!),
    );
    rejects = await Rejects.open(options.rejects, plan, signal);
    const meter = new Meter(source, options);
    losses = new Losses(meter, rejects, options, placesOf(source, plan));
    const destination = await openDestination(
      plan.destination,
      source.path ?? originOf(plan.source),
      options,
      losses.whileWriting,
    );
    try {
      const rows = transformed(meter.arriving(source.reader), options);
      await destination.receive(batchesOf(rows, source, plan, meter, losses), () => rows.schema());
      meter.warn(oneColumnWarning(source.detection, await source.reader.schema()));
      signal?.throwIfAborted();
      losses.tellPartial();
      meter.balance();
      await rejects.commit();
      await destination.commit();
    } catch (error) {
      await discard(destination, error);
    }
    return meter.result(destination);
  } catch (error) {
    await abandonStream(plan.destination, signal);
    await rejects?.discard();
    // What struck on the way to the writer has been explained there.
    throw explained(error, { path: filePath(plan.destination) }, signal);
  } finally {
    await source?.close();
  }
}

/** The rows on their way from the reader to the writer. */
async function* batchesOf(
  rows: AsyncIterable<Batch>,
  source: OpenSource,
  plan: Plan,
  meter: Meter,
  losses: Losses,
): AsyncGenerator<Batch, void> {
  const { processing, options } = plan;
  const { signal, scanLimit } = options;
  const batches = processing ? processed(rows, processing(meter), losses, scanLimit) : rows;
  try {
    for await (const batch of losses.leaving(batches)) {
      signal?.throwIfAborted();
      yield batch;
    }
  } catch (error) {
    const { source: place } = placesOf(source, plan);
    throw placed(explained(error, place, signal), place);
  }
}

function placesOf({ path, detection }: OpenSource, plan: Plan) {
  return { source: { path, format: detection?.format }, destination: { path: filePath(plan.destination) } };
}

/** Gives the destination up and throws what made that necessary, even if giving up fails as well. */
async function discard(destination: Destination, reason: unknown): Promise<never> {
  try {
    await destination.discard(reason);
  } catch (second) {
    const error = reason as Partial<ConvertError>;
    if (reason instanceof Error && error.cause === undefined) reason.cause = second;
  }
  throw reason;
}
