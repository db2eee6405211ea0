import { expect, test } from 'vitest';

import { MemoryLimit } from '../src/memory-limit.ts';

/** Runs so many tasks at once and says how many were in hand at a time, at most. */
async function mostInHand(limit: MemoryLimit, tasks: number): Promise<number> {
  let inHand = 0;
  let most = 0;
  const task = async (): Promise<void> => {
    inHand += 1;
    most = Math.max(most, inHand);
    await new Promise(setImmediate);
    inHand -= 1;
  };
  await Promise.all(Array.from({ length: tasks }, () => limit.within(task)));
  return most;
}

test('below the limit all are in hand, above it one', async () => {
  let memory = 10;
  let renewals = 0;
  const renew = (): Promise<void> => {
    renewals += 1;
    return Promise.resolve();
  };
  const limit = new MemoryLimit(100, renew, () => memory);
  expect(await mostInHand(limit, 8)).toBe(8);
  memory = 101;
  expect(await mostInHand(limit, 8)).toBe(1);
  expect(renewals).toBe(0);
});

test('where the memory does not shrink, what holds it is made anew now and then, with nothing in hand', async () => {
  let inHand = 0;
  let renewals = 0;
  const limit = new MemoryLimit(
    100,
    () => {
      expect(inHand).toBe(0);
      renewals += 1;
      return Promise.resolve();
    },
    () => 101,
  );
  const task = async (): Promise<void> => {
    inHand += 1;
    await new Promise(setImmediate);
    inHand -= 1;
  };
  await Promise.all(Array.from({ length: 120 }, () => limit.within(task)));
  expect(renewals).toBe(2);
});

test('a task that fails gives way to the next', async () => {
  const limit = new MemoryLimit(
    0,
    () => Promise.resolve(),
    () => 1,
  );
  const failing = limit.within(() => Promise.reject(new Error('bad')));
  const next = limit.within(() => Promise.resolve('good'));
  await expect(failing).rejects.toThrow('bad');
  expect(await next).toBe('good');
});
