import type { Random } from '../random.ts';

/** One pick for each unit: `picks[i]` is below `options[i]`. The last option of a unit always means "nothing lost". */
export type Picks = readonly number[];

export interface Enumeration {
  readonly picks: readonly Picks[];
  /** False where the combinations were too many and a sample stands for them. */
  readonly exhaustive: boolean;
}

/**
 * Every combination of one option a unit, or, where there are more than `limit`, the telling corners (all kept,
 * all lost, one lost, one kept, everything lost from or up to a unit) and random ones up to the limit.
 */
export function enumeratePicks(options: readonly number[], limit: number, random: Random): Enumeration {
  const total = options.reduce((product, count) => product * count, 1);
  if (total <= limit) {
    return { picks: Array.from({ length: total }, (_, index) => nth(index, options)), exhaustive: true };
  }
  const picks = corners(options);
  while (picks.length < limit) picks.push(options.map((count) => random.below(count)));
  return { picks, exhaustive: false };
}

function nth(index: number, options: readonly number[]): Picks {
  let rest = index;
  return options.map((count) => {
    const pick = rest % count;
    rest = Math.floor(rest / count);
    return pick;
  });
}

function corners(options: readonly number[]): Picks[] {
  const kept = options.map((count) => count - 1);
  const lost = options.map(() => 0);
  const mixed = (keep: (unit: number) => boolean): Picks =>
    options.map((count, unit) => (keep(unit) ? count - 1 : 0));
  return [
    kept,
    lost,
    ...options.flatMap((_, chosen) => [
      mixed((unit) => unit !== chosen),
      mixed((unit) => unit === chosen),
      mixed((unit) => unit < chosen),
      mixed((unit) => unit > chosen),
    ]),
  ];
}
