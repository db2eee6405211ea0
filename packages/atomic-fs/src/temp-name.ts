import { randomBytes } from 'node:crypto';
import path from 'node:path';

import type { TempName } from './options.ts';

/**
 * The path that a file is written to before it takes the place of `target`. For `unique` it is
 * another one each time. A writer that finds the name taken uses a unique one instead.
 *
 * @param strategy Default `suffix`.
 */
export function tempPathFor(target: string, strategy: TempName = 'suffix'): string {
  if (typeof strategy === 'function') return path.resolve(path.dirname(target), strategy(target));
  return strategy === 'suffix' ? `${target}.tmp` : `${target}.${randomBytes(8).toString('hex')}.tmp`;
}
