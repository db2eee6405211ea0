import { join } from 'node:path';

import { namesIn } from './folders.ts';
import type { RunFolder } from './layout.ts';
import { marksOf } from './marks.ts';
import { Plan, type PlannedFile } from './plan-file.ts';
import { type Failure, failureOf } from './set-aside.ts';

/** A file that was set aside. */
export interface FailedFile {
  readonly file: PlannedFile;
  readonly failure: Failure;
}

/** The files of a run that are set aside, in the order of the plan, with the reason. */
export async function* failedFiles(run: RunFolder): AsyncGenerator<FailedFile, void> {
  const plan = await Plan.open(run);
  for (const part of (await namesIn(join(run.path, 'failed'))).toSorted()) {
    const names = (await namesIn(join(run.path, 'failed', part))).filter((name) => /^\d+$/.test(name));
    const [first] = names;
    if (first === undefined) continue;
    const { committed } = await marksOf(run, Number(first));
    for (const key of names.toSorted()) {
      if (committed.has(key)) continue;
      const index = Number(key);
      const failure = await failureOf(run, index);
      const files = await plan.range(Math.floor(index / plan.filesARange));
      const file = files.find((one) => one.index === index);
      // Another worker may be taking it up again.
      if (failure !== undefined && file !== undefined) yield { file, failure };
    }
  }
}
