/** One broken promise. */
export interface Violation {
  /** A short name, the same for the same kind of failure. */
  readonly kind: string;
  readonly detail: string;
}

/** What one part of the lab found out about one writer. */
export interface PartResult {
  readonly part: string;
  readonly subject: string;
  readonly tried: number;
  /** What was tried: `states`, `faults`, `kills`, `reads`, … */
  readonly unit: string;
  readonly violations: readonly Violation[];
  /** What a reader of the figures should know. */
  readonly notes: readonly string[];
}

/** A part that could not be run here. */
export interface Skipped {
  readonly part: string;
  readonly reason: string;
}

export const isSkipped = (result: PartResult | Skipped): result is Skipped => 'reason' in result;

/** Violations counted by kind, as `3 mixed, 1 lost`. */
export function countKinds(violations: readonly Violation[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of violations) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}

/** Paths in a text for people: from the sandbox on, wherever this or another run of the scenario had it. */
export const withoutSandbox = (text: string): string =>
  text.replaceAll(/\/[^\s'"]*\/crash-lab-\w+\/[^\s'"]*?sandbox/g, '');
