import { CodecError } from './codec-error.ts';
import type { Level, Levels } from './codec.ts';

/** The codec's number for a level. Throws `BAD_OPTION` for a number that the codec does not have. */
export function levelOf(codec: string, levels: Levels, level: Level | undefined): number {
  if (level === undefined) return levels.default;
  if (typeof level === 'number') {
    if (Number.isInteger(level) && level >= levels.min && level <= levels.max) return level;
  } else if (Object.hasOwn(levels, level) && level in { fastest: 0, fast: 0, default: 0, best: 0 }) {
    return levels[level];
  }
  throw new CodecError('BAD_OPTION', {
    codec,
    problem: `there is no level ${JSON.stringify(level)}`,
    hint: `Use a whole number from ${levels.min} to ${levels.max}, or 'fastest', 'fast', 'default' or 'best'`,
  });
}
