import type { TestContext } from 'vitest';

export const isRoot = process.getuid?.() === 0;

/** Skips a test that has to act as several users, where there is no right to. */
export function needRoot(context: TestContext): void {
  if (!isRoot) context.skip('acts as several users, which takes root');
}

/** A user and a group that own nothing. */
export const nobody = 65_534;
