import type { FleetProgress, FleetResult, FleetRun } from '@x/fleet';

import type { Cli } from '../commands/cli.ts';
import { PartlyFailed } from '../failure/partly-failed.ts';
import { Interruption } from '../interrupt.ts';
import { json, print } from '../output/print.ts';
import { count, counted, duration } from '../output/quantity.ts';
import type { Voice } from '../output/voice.ts';

/** Shows how far a run is, until the work on it here has ended. */
export async function follow(voice: Voice, run: FleetRun): Promise<FleetResult> {
  const { out } = run.folder;
  const display = voice.progress(out);
  try {
    for await (const { files, open, rowsRead, bytesRead, elapsedMs } of run.progress()) {
      display.update({
        rowsRead,
        bytesRead,
        bytesTotal: undefined,
        elapsedMs,
        filesDone: files - open,
        filesTotal: files,
      });
    }
    return await run.done();
  } finally {
    display.clear();
  }
}

/** Follows a run to its end and says what became of it. @throws {PartlyFailed} where files are set aside. */
export async function followAndReport(
  { terminal, signal }: Pick<Cli, 'terminal' | 'signal'>,
  voice: Voice,
  run: FleetRun,
): Promise<void> {
  let result: FleetResult;
  try {
    result = await follow(voice, run);
  } catch (error) {
    if (signal.reason instanceof Interruption) signal.reason.hint = howToGoOn(run.folder.out);
    throw error;
  }
  if (voice.json) await print(terminal.stdout, json({ run: run.folder, ...result }));
  else voice.say(`${sumsOf(result, voice)} in ${duration(result.elapsedMs)}`);
  if (result.failed > 0 && !voice.json) voice.say(`  _SUCCESS says of each why: ${run.folder.out}/_SUCCESS`);
  if (result.failed > 0) throw new PartlyFailed();
}

export const howToGoOn = (out: string): string => `what is published stays; x run resume ${out} goes on`;

/** `8 of 10 files converted, 1 failed, 1 open`. */
export function sumsOf(
  { files, published, failed, open }: Pick<FleetProgress, 'files' | 'published' | 'failed' | 'open'>,
  { style }: Pick<Voice, 'style'>,
): string {
  return [
    `${count(published)} of ${counted(files, 'file')} converted`,
    ...(failed === 0 ? [] : [style.red(`${count(failed)} failed`)]),
    ...(open === 0 ? [] : [`${count(open)} open`]),
  ].join(', ');
}
