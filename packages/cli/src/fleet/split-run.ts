import { stat } from 'node:fs/promises';

import type { SplitOptions } from '@x/fleet';

import type { Cli } from '../commands/cli.ts';
import type { Voice } from '../output/voice.ts';
import { engineOf, workOptions } from './engine-of.ts';
import type { SplitFlags } from './flags.ts';
import { followAndReport, tellDetached } from './follow.ts';
import { loadFleet } from './load.ts';

export interface SplitWords {
  readonly source: string;
  readonly out: string;
  readonly options: SplitOptions;
  readonly flags: SplitFlags;
}

/** `x split`: the file is looked through for places to cut, then its parts are a run. */
export async function splitRun(
  cli: Cli,
  voice: Voice,
  { source, out, options, flags }: SplitWords,
): Promise<void> {
  const { detachSplit, splitConvert } = await loadFleet();
  const engine = await engineOf(flags, voice);
  const { takeover = false } = flags;
  const scan = voice.progress(`${source}: looking for records`);
  const start = performance.now();
  const onScan = (bytesRead: number, bytesTotal: number): void =>
    scan.update({ rowsRead: undefined, bytesRead, bytesTotal, elapsedMs: performance.now() - start });
  const told = { ...options, ...workOptions(flags), engine, takeover, onScan };
  const planned = async <T>(plan: Promise<T>): Promise<T> => plan.finally(() => scan.clear());
  if (flags.detach) {
    return tellDetached(cli, voice, { out, run: await planned(detachSplit(source, out, told)), engine });
  }
  const run = await planned(splitConvert(source, out, told));
  // On a shared engine others read of it, too.
  const bytesTotal = engine.isShared ? undefined : (await stat(source)).size;
  await followAndReport(cli, voice, run, bytesTotal);
}
