import { count, oneOf, planRows, type RowPlan } from '@x/formats/columns';

import type { ArrowReadOptions } from '../options.ts';
import type { MessagePlan } from './message-reader.ts';

/** The read options with their defaults, checked. */
export interface ArrowReadPlan extends RowPlan, MessagePlan {
  readonly types: ArrowReadOptions['types'];
}

/** @throws {FormatError} BAD_OPTION with the option, its value and what it takes. */
export function planRead(format: string, options: ArrowReadOptions): ArrowReadPlan {
  return {
    ...planRows(format, options),
    types: options.types,
    maxBatchBytes: count(format, 'maxBatchBytes', options.maxBatchBytes, 1024 * 1024 * 1024, 1),
    acceptsOpenEnd: oneOf(format, 'endMark', options.endMark, ['required', 'optional']) === 'optional',
  };
}
