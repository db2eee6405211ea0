import type { Batch } from '@x/formats';

import type { ParsedOptions } from '../options.ts';
import { flattened, unflattened } from './nesting.ts';
import { renamed } from './rename.ts';

/** The changes of shape that the options ask for, in the order: flatten, unflatten, rename. */
export function transformed(
  batches: AsyncIterable<Batch>,
  options: Pick<ParsedOptions, 'flatten' | 'unflatten' | 'rename'>,
): AsyncIterable<Batch> {
  let result = batches;
  if (options.flatten) result = flattened(result);
  if (options.unflatten) result = unflattened(result);
  if (Object.keys(options.rename).length > 0) result = renamed(result, options.rename);
  return result;
}
