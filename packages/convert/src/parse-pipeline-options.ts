import * as z from 'zod/mini';

import { callback, countFromOne, flag, parse, runDefaults, runOptions } from './parse-options.ts';
import type { Progress } from './progress.ts';

const isObject = (value: unknown): value is object =>
  // arktype's validators are functions.
  (typeof value === 'object' || typeof value === 'function') && value !== null;

const pipelineOptions = {
  ...runOptions,
  state: () => z.unknown(),
  trigger: callback<(progress: Progress, state: unknown) => unknown>,
  triggerEvery: countFromOne,
  final: callback<(progress: Progress, state: unknown) => unknown>,
  skipNulls: flag,
  schema: () =>
    z.custom((value) => isObject(value) && '~standard' in value, 'expected a Standard Schema validator'),
};

const pipelineDefaults = { ...runDefaults, triggerEvery: 1000, skipNulls: true };

/** @throws {ConvertError} `BAD_OPTION`, naming the option, its value and what is allowed. */
export const parsePipelineOptions = (options: object) => ({
  ...pipelineDefaults,
  ...parse<typeof pipelineOptions>(pipelineOptions, options),
});
