import { compress } from '@x/codecs';
import type { Batch, ByteSink, Schema } from '@x/formats';

import { pulled } from '../handover.ts';
import type { WritingTold } from '../losses.ts';
import type { DestinationSide } from '../plan.ts';
import type { ByteOutput, Destination, Produce } from './destination.ts';

/** Batches → format → codec → bytes. */
export class EncodedDestination implements Destination {
  readonly atomic: boolean;
  bytesWritten = 0;
  readonly #output: ByteOutput;
  readonly #side: DestinationSide;
  readonly #signal: AbortSignal | undefined;
  readonly #told: WritingTold;

  constructor(
    output: ByteOutput,
    side: DestinationSide,
    { signal, ...told }: WritingTold & { readonly signal: AbortSignal | undefined },
  ) {
    this.atomic = output.atomic;
    this.#output = output;
    this.#side = side;
    this.#signal = signal;
    this.#told = told;
  }

  async receive(batches: AsyncIterable<Batch>, schema: () => Promise<Schema>): Promise<void> {
    const { format, formatOptions, codec, path } = this.#side;
    const { onBadRow, onPartialRow } = this.#told;
    const told = { ...(onBadRow && { onBadRow }), ...(onPartialRow && { onPartialRow }) };
    const encode: Produce = async (sink) => {
      const writer = format.createWriter(sink, { ...formatOptions, ...told });
      try {
        for await (const batch of batches) await writer.write(batch);
        await writer.finish(await schema());
      } catch (error) {
        writer.discard?.();
        throw error;
      }
    };
    const options = {
      reuse: true,
      ...(this.#signal && { signal: this.#signal }),
      ...(path !== undefined && { path }),
    };
    const pack: Produce = async (sink) => {
      const encoded = pulled<Uint8Array>((write) => encode({ write }));
      for await (const chunk of compress(encoded, codec, options)) await sink.write(chunk);
    };
    const produce = codec.codec === 'identity' ? encode : pack;
    await this.#output.writeAll((sink) => produce(this.#counted(sink)));
  }

  commit(): Promise<void> {
    return this.#output.commit();
  }

  discard(reason: unknown): Promise<void> {
    return this.#output.discard(reason);
  }

  #counted(sink: ByteSink): ByteSink {
    return {
      write: (chunk) => {
        this.bytesWritten += chunk.length;
        return sink.write(chunk);
      },
    };
  }
}
