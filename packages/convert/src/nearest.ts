/** The name that was probably meant: the one with the fewest changed letters, if these are few. */
export function nearest(wrong: string, names: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly changes: number } | undefined;
  for (const name of names) {
    const changes = changesBetween(wrong.toLowerCase(), name.toLowerCase());
    if (changes <= Math.max(1, Math.floor(wrong.length / 3)) && (!best || changes < best.changes)) {
      best = { name, changes };
    }
  }
  return best?.name;
}

/** Letters added, removed, replaced, or two that have changed places (optimal string alignment). */
function changesBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_none, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = row[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1, swapped ? before[j - 2]! + 1 : Infinity));
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
