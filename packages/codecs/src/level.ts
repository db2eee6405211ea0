import { CodecError } from './codec-error.ts';
import type { Level, Levels } from './codec.ts';

const names = ['fastest', 'fast', 'default', 'best'] as const;

/** The codec's number for a level. Throws `BAD_OPTION` for a number that the codec does not have. */
export function levelOf(codec: string, levels: Levels, level: Level): number {
  const { min, max, except = [] } = levels;
  if (typeof level === 'string') {
    if (names.includes(level)) return levels[level];
  } else if (Number.isInteger(level) && level >= min && level <= max && !except.includes(level)) {
    return level;
  }
  const without = except.length === 0 ? '' : ` without ${except.join(', ')}`;
  throw new CodecError('BAD_OPTION', {
    codec,
    problem: `there is no level ${JSON.stringify(level)}`,
    hint: `Use a whole number from ${min} to ${max}${without}, or 'fastest', 'fast', 'default' or 'best'`,
  });
}
