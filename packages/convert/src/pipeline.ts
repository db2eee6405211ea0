import type { Row } from '@x/formats';

import type { DestinationLike } from './destination/open-destination.ts';
import { ConvertError } from './errors.ts';
import type { ConvertOptions } from './options.ts';
import { parsePipelineOptions } from './parse-pipeline-options.ts';
import { display } from './display.ts';
import type { Progress } from './progress.ts';
import type { ConversionResult } from './result.ts';
import { runPlan } from './run-plan.ts';
import type { RowLike, Source } from './source/open-source.ts';
import type { StandardSchema } from './transform/standard-schema.ts';

type MaybePromise<T> = T | Promise<T>;

/** Gives the row to write, or null to leave it out. */
export type Process<In, State> = (row: In, state: State) => MaybePromise<RowLike | null | undefined>;

export interface PipelineOptions<In, State> extends ConvertOptions {
  /** Passed to every call of `process`, `trigger` and `final`. Default: a new empty object. */
  readonly state?: State | undefined;
  /** Called after every `triggerEvery` rows. */
  readonly trigger?: ((progress: Progress, state: State) => MaybePromise<void>) | undefined;
  /** Rows read between two calls of `trigger`. Default 1000. */
  readonly triggerEvery?: number | undefined;
  /** Called once when all rows are through, before anything is published. */
  readonly final?: ((progress: Progress, state: State) => MaybePromise<void>) | undefined;
  /** Whether null leaves a row out; with `false` it is an error. Default `true`. */
  readonly skipNulls?: boolean | undefined;
  /** Checks each row before `process` sees it: any Standard Schema validator, zod among them. */
  readonly schema?: StandardSchema<In> | undefined;
}

export interface PipelineResult<State> extends ConversionResult {
  readonly state: State;
}

/** Rows a batch at most: small, since each of them becomes an object. */
const defaultBatchSize = 1000;

/**
 * Passes every row of a source through `process` and writes what it gives. With `null` as
 * destination the rows are only counted.
 *
 * A `process` that throws ends the run, and nothing atomic is published; with `onError: 'skip'`
 * the row is left out and counted.
 *
 * @throws {ConvertError} with a code, a place and a hint. An abort throws the signal's reason.
 */
export async function pipeline<In = Row, State = Record<string, unknown>>(
  source: Source,
  destination: DestinationLike | null,
  process: Process<In, State>,
  options: PipelineOptions<In, State> = {},
): Promise<PipelineResult<State>> {
  const parsed = parsePipelineOptions(options);
  if (typeof process !== 'function') throw notAFunction(process);
  const state = (options.state === undefined ? {} : options.state) as State;
  const result = await runPlan({
    source,
    destination,
    options: { ...parsed, batchSize: parsed.batchSize ?? defaultBatchSize },
    processing: (meter) => ({
      // The schema, where there is one, makes a row what `process` takes.
      process: process as Process<Row, unknown>,
      state,
      schema: options.schema,
      signal: parsed.signal,
      skipNulls: parsed.skipNulls,
      triggerEvery: parsed.triggerEvery,
      trigger: options.trigger && ((rows) => options.trigger!(meter.progress(rows), state)),
      final: options.final && (() => options.final!(meter.progress(), state)),
    }),
  });
  return { ...result, state };
}

function notAFunction(process: unknown): ConvertError {
  return new ConvertError('BAD_OPTION', `process (${display(process)}): expected a function`, {
    hint: 'give what is done with each row, as (row) => row; convert() leaves rows as they are',
  });
}
