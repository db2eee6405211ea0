import { availableParallelism } from 'node:os';

import { Thread } from './thread.ts';

/**
 * Milliseconds that a thread waits for a next call, as long as Node.js keeps an HTTP connection. Starting one
 * and warming it up takes some hundred milliseconds of a processor, which a program that converts again and
 * again should pay once.
 */
const patience = 5000;

const idle = new Map<Thread, NodeJS.Timeout>();

/** One that waits, else a new one. */
export function takeThread(): Thread {
  for (const [thread, timer] of idle) {
    clearTimeout(timer);
    idle.delete(thread);
    if (thread.isLost) continue;
    thread.holdProcess(true);
    return thread;
  }
  return new Thread();
}

/** Lets a thread wait for a next caller, or ends it where enough wait. */
export async function giveBack(thread: Thread): Promise<void> {
  if (thread.isLost || thread.inHand > 0 || idle.size >= availableParallelism()) return thread.terminate();
  thread.holdProcess(false);
  const timer = setTimeout(() => {
    idle.delete(thread);
    void thread.terminate();
  }, patience);
  idle.set(thread, timer.unref());
}
