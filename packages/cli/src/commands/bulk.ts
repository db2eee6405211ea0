import { Command, Option } from 'commander';

import type { BulkConversionResult, BulkProgress, FileResult } from '@x/convert';

import { PartlyFailed } from '../failure/partly-failed.ts';
import { describeFailure, failureOf } from '../failure/describe.ts';
import type { RunFlags } from '../fleet/bulk-run.ts';
import { addRunOptions } from '../fleet/engine-of.ts';
import { printWithList } from '../output/print.ts';
import { looking } from '../output/progress.ts';
import { count, counted, duration, size } from '../output/quantity.ts';
import { visible } from '../output/visible-text.ts';
import { type Voice, type VoiceFlags, voiceOf } from '../output/voice.ts';
import {
  type ReadingFlags,
  readingOptions,
  targetOf,
  type WritingFlags,
  writingOptions,
} from '../usage/convert-options.ts';
import {
  addReadingOptions,
  addRowOptions,
  addShapeOptions,
  addVoiceOptions,
  addWritingOptions,
} from '../usage/options.ts';
import { wholeNumber } from '../usage/words.ts';
import type { Cli } from './cli.ts';

interface Flags
  extends ReadingFlags, Omit<WritingFlags, 'mkdirs'>, Omit<RunFlags, 'onExists' | 'durability'>, VoiceFlags {
  readonly out: string;
  readonly to: string;
  readonly name?: string;
  readonly recursive?: boolean;
  readonly preserveDirs?: boolean;
  readonly onExists?: 'overwrite' | 'skip' | 'error';
  readonly concurrency?: string;
  readonly stopOnError?: boolean;
  readonly manifest?: string;
}

const examples = `
Examples:
  x bulk 'in/*.csv' --out out --to jsonl.gz
  x bulk in --recursive --preserve-dirs --out out --to csv.zst
  x bulk in/a.csv in/b.tsv --out out --to '{stem}-clean.csv'
  x bulk in --out out --to jsonl --on-exists skip --manifest out/manifest.json

Each file is converted as x convert does it, and one that fails does not stop the rest: the exit
code is 1 then. Run again with --on-exists skip and the same --manifest, only those are done that
failed or have changed. Patterns: {name} data.csv.gz, {stem} data, {ext} csv.gz.

With --engine, --detach or --takeover (and the package @x/fleet) it becomes a run: any number of
x worker do it, on any number of machines, and x run looks after it.`;

export function bulkCommand(cli: Cli): Command {
  const command = new Command('bulk')
    .description('convert many files')
    .argument('<sources...>', 'files, folders, and patterns as in/*.csv (in quotes)')
    .optionsGroup('Files:')
    .requiredOption('-o, --out <dir>', 'the folder to write to; made if it is not there')
    .option('--name <pattern>', "names of the outputs (default: '{stem}' and the extension)")
    .option('-r, --recursive', 'folders below, too')
    .option('--preserve-dirs', 'keep the folders below the one that was searched')
    .addOption(
      new Option('--on-exists <what>', 'an output that is already there')
        .choices(['overwrite', 'skip', 'error'])
        .default(undefined, 'overwrite'),
    )
    .option('-j, --concurrency <count>', 'files at a time (default: by the processors)')
    .option('--stop-on-error', 'start no further file when one has failed')
    .option('--manifest <file>', 'write there what became of each file');
  addRunOptions(command, 'the output folder');
  addReadingOptions(command);
  addShapeOptions(command);
  addWritingOptions(
    command,
    new Option(
      '-t, --to <format>',
      "format of the outputs, as a file's name ends, or a pattern",
    ).makeOptionMandatory(),
    'each',
  );
  addRowOptions(command, 'directory');
  addVoiceOptions(command);
  return command
    .addHelpText('after', examples)
    .action((sources: readonly string[], flags: Flags) => run(cli, sources, flags));
}

async function run({ terminal, signal }: Cli, sources: readonly string[], flags: Flags): Promise<void> {
  const voice = voiceOf(flags, terminal);
  const engine = await import('@x/convert');
  const { recursive, preserveDirs, onExists, concurrency, stopOnError, manifest } = flags;
  const options = {
    ...readingOptions(flags, engine),
    ...writingOptions({ ...flags, to: undefined }, engine),
    to: targetOf(flags, engine),
    ...(recursive && { recursive }),
    ...(preserveDirs && { preserveDirs }),
    ...(onExists && { onExists }),
    ...(concurrency !== undefined && { concurrency: wholeNumber(concurrency, '--concurrency', 1) }),
    ...(stopOnError && { stopOnError }),
    ...(manifest !== undefined && { manifest }),
    signal,
  };
  if (flags.engine !== undefined || flags.detach || flags.takeover) {
    const { bulkRun } = await import('../fleet/bulk-run.ts');
    return bulkRun({ terminal, signal }, voice, sources, flags.out, options, flags);
  }
  const display = voice.progress(flags.out);
  const onFound = (files: number): void => display.update(looking(files));
  onFound(0);
  const onProgress = (progress: BulkProgress): void => display.update(progress);
  let result: BulkConversionResult;
  let manifestError: Error | undefined;
  try {
    result = await engine.bulkConvert(sources, flags.out, { ...options, onFound, onProgress });
  } catch (error) {
    if (!(error instanceof engine.ManifestError)) throw error;
    manifestError = error;
    ({ result } = error);
  } finally {
    display.clear();
  }
  if (voice.json) {
    const { files, ...sums } = result;
    await printWithList(terminal.stdout, sums, 'files', files, told);
  } else report(voice, terminal.stderr, result, manifestError ? undefined : manifest);
  if (manifestError) throw manifestError;
  if (result.failed > 0) throw new PartlyFailed();
}

/** What became of a file, with its error as a plain object, which JSON keeps. */
function told(file: FileResult): object {
  return { ...file, error: file.error && failureOf(file.error) };
}

/** Errors, and warnings, that a terminal has room for. What is not a terminal is told all of them. */
const mostOnTerminal = 20;

function report(
  voice: Voice,
  stderr: NodeJS.WritableStream & { readonly isTTY?: boolean },
  result: BulkConversionResult,
  manifest: string | undefined,
): void {
  const most = stderr.isTTY ? mostOnTerminal : Infinity;
  const warnings = result.files.flatMap(({ result: one, destination }) =>
    (one?.warnings ?? []).map((warning) => `${destination}: ${warning}`),
  );
  for (const warning of warnings.slice(0, most)) voice.warn(warning);
  if (warnings.length > most) voice.warn(`${count(warnings.length - most)} more, which --json tells`);
  for (const warning of result.warnings) voice.warn(warning);
  // Said with --quiet as well: they are errors.
  const failures = result.files.filter(({ status }) => status === 'failed');
  for (const { error, source } of failures.slice(0, most)) {
    stderr.write(describeFailure(error, voice.style, voice.debug, source));
  }
  if (failures.length > most) stderr.write(others(failures.slice(most), voice, manifest));
  voice.say(summed(result, voice));
}

/** What else has failed: how many of each kind, and where each of them is told of. */
function others(failures: readonly FileResult[], { style }: Voice, manifest: string | undefined): string {
  const kinds = new Map<string, number>();
  for (const { error } of failures) {
    const kind = failureOf(error).code ?? 'other errors';
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const parts = [...kinds].toSorted(([, a], [, b]) => b - a).map(([kind, some]) => `${count(some)} ${kind}`);
  const where = manifest === undefined ? '--json or 2> errors.txt tells of each' : `each is in ${manifest}`;
  return `x: ${style.red(`${counted(failures.length, 'more file')} failed`)}: ${parts.join(', ')}\n  ${visible(where)}\n`;
}

function summed(result: BulkConversionResult, { style }: Voice): string {
  const { succeeded, failed: failures, skipped, rowsWritten, rowsSkipped, bytesRead, bytesWritten } = result;
  const parts = [
    `${count(succeeded)} of ${counted(result.files.length, 'file')} converted`,
    ...(failures === 0 ? [] : [style.red(`${count(failures)} failed`)]),
    ...(skipped === 0 ? [] : [`${count(skipped)} skipped`]),
    ...(succeeded === 0
      ? []
      : [
          `${counted(rowsWritten, 'row')}${rowsSkipped === 0 ? '' : ` (${counted(rowsSkipped, 'row')} skipped)`}`,
          `${size(bytesRead)} → ${size(bytesWritten)}`,
        ]),
  ];
  return `${parts.join(', ')} in ${duration(result.elapsedMs)}`;
}
