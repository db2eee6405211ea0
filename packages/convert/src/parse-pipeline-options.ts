import * as z from 'zod/mini';
import { _default as withDefault } from 'zod/mini';

import { callback, countFromOne, parse, runOptions } from './parse-options.ts';
import type { Progress } from './progress.ts';

const pipelineOptions = () =>
  z.strictObject({
    ...runOptions,
    state: z.optional(z.unknown()),
    trigger: callback<(progress: Progress, state: unknown) => unknown>(),
    triggerEvery: withDefault(countFromOne(), 1000),
    final: callback<(progress: Progress, state: unknown) => unknown>(),
    skipNulls: withDefault(z.boolean(), true),
    // arktype's validators are functions.
    schema: z.optional(
      z.custom(
        (value) =>
          (typeof value === 'object' || typeof value === 'function') &&
          value !== null &&
          '~standard' in value,
        'expected a Standard Schema validator',
      ),
    ),
  });

/** @throws {ConvertError} `BAD_OPTION`, naming the option, its value and what is allowed. */
export const parsePipelineOptions = (options: object) => parse(pipelineOptions(), options);
