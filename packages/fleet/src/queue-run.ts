import type { Engine } from './engine/engine.ts';
import type { RunFolder } from './run-directory/layout.ts';
import { Plan } from './run-directory/plan-file.ts';

/** Gives the whole of a new run to those who hand it out; workers that have no queue find it by its folder. */
export async function queueRun(folder: RunFolder, engine: Engine | undefined): Promise<void> {
  if (!engine?.isShared) return;
  const plan = await Plan.open(folder);
  const queue = await engine.join(folder, plan.ranges);
  try {
    await queue.put(Array.from({ length: plan.ranges }, (_, range) => range));
  } finally {
    await queue.close();
  }
}
