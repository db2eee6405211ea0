/** What is compared: the same work done by several contestants. */
export interface Contestant {
  readonly name: string;
  /** Does the work and gives its milliseconds, if it is to be timed by itself. */
  run(round: number): Promise<number | void> | number | void;
}

export interface Score {
  readonly name: string;
  /** Milliseconds. */
  readonly median: number;
  /** Its median by that of the first contestant. */
  readonly ratio: number;
}

/**
 * Lets everyone run once a round, in turn and from another start each time, so that whatever slows
 * the machine for a while slows them all.
 */
export async function compare(contestants: readonly Contestant[], rounds: number): Promise<Score[]> {
  const times = new Map(contestants.map(({ name }) => [name, new Array<number>()]));
  for (let round = -1; round < rounds; round++) {
    for (const index of contestants.keys()) {
      const contestant = contestants[(index + Math.max(round, 0)) % contestants.length];
      if (contestant === undefined) continue;
      const start = performance.now();
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      const own = await contestant.run(round);
      // The first round warms up.
      if (round >= 0) times.get(contestant.name)?.push(own ?? performance.now() - start);
    }
  }
  const [first = []] = times.values();
  const reference = median(first);
  return [...times].map(([name, own]) => ({ name, median: median(own), ratio: median(own) / reference }));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]];
  return (low + high) / 2;
}

export function print(title: string, unit: string, scores: readonly Score[], perUnit = 1): void {
  console.log(`\n${title}`);
  for (const { name, median: time, ratio } of scores) {
    console.log(
      `  ${name.padEnd(44)} ${(time / perUnit).toFixed(3).padStart(10)} ${unit}   × ${ratio.toFixed(3)}`,
    );
  }
}
