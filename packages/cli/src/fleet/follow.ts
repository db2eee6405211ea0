import type { Engine, FleetProgress, FleetResult, FleetRun } from '@x/fleet';
import type { RunFolder } from '@x/fleet/run-directory';

import type { Cli } from '../commands/cli.ts';
import { describeFailure } from '../failure/describe.ts';
import { PartlyFailed } from '../failure/partly-failed.ts';
import { Interruption } from '../interrupt.ts';
import { json, print } from '../output/print.ts';
import { count, counted, duration } from '../output/quantity.ts';
import { shownPath } from '../output/shown-path.ts';
import type { Voice } from '../output/voice.ts';
import { loadFleet, loadRunDirectory } from './load.ts';

/** What its user calls the outputs of a run: a dataset is put together elsewhere. */
export const nameOf = ({ dataset, folder }: Pick<FleetRun, 'dataset' | 'folder'>): string =>
  shownPath(dataset ?? folder.out);

export const nounOf = ({ dataset }: { readonly dataset: string | undefined }): 'part' | 'file' =>
  dataset === undefined ? 'file' : 'part';

/**
 * Shows how far a run is, until the work on it here has ended.
 *
 * @param bytesTotal Of all that is to be read, where nobody else reads of it.
 */
export async function follow(voice: Voice, run: FleetRun, bytesTotal?: number): Promise<FleetResult> {
  const display = voice.progress(nameOf(run));
  const noun = nounOf(run);
  try {
    for await (const { files, open, rowsRead, bytesRead, elapsedMs } of run.progress()) {
      const filesDone = files - open;
      display.update({ rowsRead, bytesRead, bytesTotal, elapsedMs, filesDone, filesTotal: files, noun });
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
  bytesTotal?: number,
): Promise<void> {
  let result: FleetResult;
  try {
    result = await follow(voice, run, bytesTotal);
  } catch (error) {
    if (signal.reason instanceof Interruption) signal.reason.hint = howToGoOn(nameOf(run));
    throw error;
  }
  // Said with --quiet as well: they are errors.
  if (result.failed > 0 && !voice.json) await tellFailures(run, result, terminal, voice);
  if (voice.json) await print(terminal.stdout, json({ run: run.folder, ...result }));
  else voice.say(await summaryOf(run, result, voice));
  if (result.failed > 0) throw new PartlyFailed();
}

/** Failures that are told one by one; the manifest has them all. */
const toldFailures = 3;

async function tellFailures(
  { folder }: FleetRun,
  { failed }: FleetResult,
  { stderr }: Cli['terminal'],
  { style, debug }: Voice,
): Promise<void> {
  const { failedFiles } = await loadRunDirectory();
  let told = 0;
  for await (const { file, failure } of failedFiles(folder)) {
    if (told === toldFailures) break;
    told += 1;
    // As the error that it was.
    stderr.write(
      describeFailure(
        Object.assign(new Error(failure.message), failure),
        style,
        debug,
        shownPath(file.source),
      ),
    );
  }
  if (failed > told)
    stderr.write(`x: and ${count(failed - told)} more, which ${shownPath(folder.out)}/_SUCCESS tells of\n`);
}

async function summaryOf(run: FleetRun, result: FleetResult, voice: Voice): Promise<string> {
  const { dataset, folder } = run;
  const name = nameOf(run);
  const sums = `${sumsOf(result, voice, nounOf(run))} in ${duration(result.elapsedMs)}`;
  if (dataset === undefined) {
    return result.failed === 0
      ? sums
      : `${sums}\n  _SUCCESS says of each why: ${shownPath(folder.out)}/_SUCCESS`;
  }
  if (result.failed > 0) {
    return `${name}: ${sums}\n  not published, for it would lack ${result.failed === 1 ? 'a part' : 'parts'}; x run resume ${name} --retry-failed tries again`;
  }
  const { readDataset } = await loadFleet();
  const newest = await readDataset(dataset);
  const where =
    newest === undefined || newest.version === 1
      ? ''
      : `, version ${newest.version}\n  its parts are those in ${shownPath(newest.file)}`;
  return `${name}: ${sums}${where}`;
}

/** Says how a run that was begun is worked on. */
export async function tellDetached(
  { terminal }: Pick<Cli, 'terminal'>,
  voice: Voice,
  { run, out, engine }: { readonly run: RunFolder; readonly out: string; readonly engine: Engine },
): Promise<void> {
  const { statusOf } = await loadRunDirectory();
  const status = await statusOf(run);
  if (voice.json) return print(terminal.stdout, json({ run, ...status }));
  voice.say(`${counted(status.files, nounOf(status))} to convert, run ${run.number} of ${out}`);
  voice.say(
    engine.isShared
      ? `  x worker --engine … works on it, x run status ${out} says how far it is`
      : `  x worker --run ${out} --shard 0/4 (and 1/4 …) works on it, x run status ${out} says how far it is`,
  );
}

export const howToGoOn = (name: string): string => `what is done stays; x run resume ${name} goes on`;

/** `8 of 10 files converted, 1 failed, 1 open`. */
export function sumsOf(
  { files, published, failed, open }: Pick<FleetProgress, 'files' | 'published' | 'failed' | 'open'>,
  { style }: Pick<Voice, 'style'>,
  noun: 'part' | 'file' = 'file',
): string {
  return [
    `${count(published)} of ${counted(files, noun)} converted`,
    ...(failed === 0 ? [] : [style.red(`${count(failed)} failed`)]),
    ...(open === 0 ? [] : [`${count(open)} open`]),
  ].join(', ');
}
