import type { BulkOptions } from '@x/convert';

import type { Cli } from '../commands/cli.ts';
import { BadUsage } from '../failure/bad-usage.ts';
import { looking } from '../output/progress.ts';
import type { Voice } from '../output/voice.ts';
import { engineOf, type EngineFlags, type WorkFlags, workOptions } from './engine-of.ts';
import { followAndReport, tellDetached } from './follow.ts';
import { loadFleet } from './load.ts';

export interface RunFlags extends EngineFlags, WorkFlags {
  readonly detach?: boolean;
  readonly takeover?: boolean;
  // What a run does in its own way.
  readonly onExists?: string;
  readonly stopOnError?: boolean;
  readonly manifest?: string;
  readonly atomic?: boolean;
  readonly durability?: string;
}

/** `x bulk` as a run that others may work on: written down beside the outputs, published once per input. */
export async function bulkRun(
  cli: Pick<Cli, 'terminal' | 'signal'>,
  voice: Voice,
  sources: readonly string[],
  out: string,
  options: BulkOptions,
  flags: RunFlags,
): Promise<void> {
  refuseWhatRunsDoOtherwise(flags);
  const { atomic: _a, durability: _d, ...conversion } = options;
  const { bulkConvert, detachRun } = await loadFleet();
  const engine = await engineOf(flags, voice);
  const { takeover = false } = flags;
  const told = { ...conversion, ...workOptions(flags), engine, takeover };
  if (!flags.detach) {
    const begun = await planned(voice, out, (onFound) => bulkConvert(sources, out, { ...told, onFound }));
    return followAndReport(cli, voice, begun);
  }
  const run = await planned(voice, out, (onFound) => detachRun(sources, out, { ...told, onFound }));
  return tellDetached(cli, voice, { out, run, engine });
}

/** Shows that files are looked for, as long as that takes. */
async function planned<Run>(
  voice: Voice,
  out: string,
  plan: (onFound: (files: number) => void) => Promise<Run>,
): Promise<Run> {
  const display = voice.progress(out);
  const onFound = (files: number): void => display.update(looking(files));
  onFound(0);
  try {
    return await plan(onFound);
  } finally {
    display.clear();
  }
}

/** A run is always atomic and durable, has a manifest of its own, and knows what is done. */
function refuseWhatRunsDoOtherwise({ onExists, stopOnError, manifest, atomic, durability }: RunFlags): void {
  const given = {
    '--on-exists': onExists !== undefined,
    '--stop-on-error': stopOnError === true,
    '--manifest': manifest !== undefined,
    '--no-atomic': atomic === false,
    '--durability': durability !== undefined && durability !== 'full',
  };
  const [option] = Object.entries(given).find(([, isGiven]) => isGiven) ?? [];
  if (option === undefined) return;
  throw new BadUsage(
    `${option} has no meaning with --engine and --detach`,
    'a run publishes each output once, whole and synced, and its manifest as _SUCCESS',
  );
}
