import { formats as builtIn } from '@x/formats';

import type { ParsedOptions } from '../options.ts';
import { planDestination } from '../plan.ts';
import { pathOf } from '../source/path-of.ts';
import type { DestinationLike } from './open-destination.ts';

/**
 * How text is read where nobody has said it: for a destination whose columns have types (Parquet, a
 * database) those are inferred. The values of the built-in formats have types at most, and stay text.
 */
export async function defaultTypes(
  destination: DestinationLike | null,
  options: ParsedOptions,
): Promise<'infer' | undefined> {
  const isPath = typeof destination === 'string' || destination instanceof URL;
  if (!isPath && options.to.format === undefined) return undefined;
  try {
    const { format } = await planDestination(isPath ? pathOf(destination) : undefined, options);
    return format.capabilities.typed && !builtIn.includes(format) ? 'infer' : undefined;
  } catch {
    // What is wrong with the destination is said when it is opened, after what is wrong with the source.
    return undefined;
  }
}
