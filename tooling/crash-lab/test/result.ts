import type { TestContext } from 'vitest';

import { type PartResult, type Skipped, type Violation, isSkipped } from '../src/parts/result.ts';

/** The result of a part that was run; where it could not be, the test is skipped with the reason. */
export function ran(result: PartResult | Skipped, context: TestContext): PartResult {
  if (isSkipped(result)) context.skip(result.reason);
  else return result;
  throw new Error('A skipped test goes on');
}

/** What was broken; that nothing was tried is no answer. */
export function brokenIn({ part, tried, violations }: PartResult): readonly Violation[] {
  if (tried === 0) throw new Error(`The part "${part}" tried nothing`);
  return violations;
}

/** Kinds of the violations, each once. */
export const kindsIn = ({ violations }: PartResult): string[] =>
  [...new Set(violations.map(({ kind }) => kind))].toSorted();
