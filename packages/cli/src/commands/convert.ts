import { Command, Option } from 'commander';

import type { ConversionResult, Endpoint, Progress } from '@x/convert';

import { BadUsage } from '../failure/bad-usage.ts';
import { Interruption } from '../interrupt.ts';
import { json, print } from '../output/print.ts';
import { describeResult } from '../output/report.ts';
import { visible } from '../output/visible-text.ts';
import { type Voice, type VoiceFlags, voiceOf } from '../output/voice.ts';
import { makeDirectories } from '../streams/make-directories.ts';
import { standardInput } from '../streams/standard-input.ts';
import {
  type ReadingFlags,
  readingOptions,
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
import type { Cli } from './cli.ts';

type Flags = ReadingFlags & WritingFlags & VoiceFlags;

const examples = `
Examples:
  x convert orders.csv orders.jsonl                   the names say what they are
  x convert orders.csv orders.jsonl.zst               compressed on the way
  x convert export.txt orders.csv --from tsv          a name that does not say it
  x convert orders.csv some.csv -c id,total           two of the columns
  x convert raw.csv good.csv --rejects bad.jsonl      go on where a row is bad
  curl -s $URL | x convert - - --from csv.gz --to jsonl | jq .id

The output appears under its name when it is complete, checked and synced; until then the
old file stays as it is, whatever happens. - is the standard input or output.`;

export function convertCommand(cli: Cli): Command {
  const command = new Command('convert')
    .description('convert one file into another')
    .argument('<in>', 'the file to read; - for the standard input')
    .argument('<out>', 'the file to write, named after what it shall be; - for the standard output');
  addReadingOptions(command);
  addShapeOptions(command);
  addWritingOptions(
    command,
    new Option('-t, --to <format>', "format of the output, as a file's name ends: jsonl, csv.gz"),
  );
  addRowOptions(command);
  addVoiceOptions(command);
  return command
    .addHelpText('after', examples)
    .action((source: string, destination: string, flags: Flags) => run(cli, source, destination, flags));
}

async function run(cli: Cli, from: string, to: string, flags: Flags): Promise<void> {
  const { terminal, signal } = cli;
  const voice = voiceOf(flags, terminal);
  // Loaded here, so that --help and --version need not wait for it.
  const engine = await import('@x/convert');
  const options = { ...readingOptions(flags, engine), ...writingOptions(flags, engine), signal };
  const toTerminal = to === '-' && terminal.stdout.isTTY;
  if (to === '-') checkStandardOutput(options.to, toTerminal);
  const input = from === '-' ? standardInput(terminal, signal) : undefined;
  if (from === '-' && terminal.stdin.isTTY) voice.say('reading from the terminal; Ctrl-D ends the input');
  const made = flags.mkdirs && to !== '-' ? await makeDirectories(to) : undefined;

  // A bar among the rows themselves would help nobody.
  const display = toTerminal ? undefined : voice.progress(to === '-' ? from : to);
  const onProgress = (progress: Progress): void =>
    display?.update({ ...progress, bytesTotal: progress.bytesTotal ?? input?.size });
  let result: ConversionResult;
  try {
    result = await engine.convert(input?.bytes ?? from, to === '-' ? terminal.stdout : to, {
      ...options,
      onProgress,
    });
  } catch (error) {
    await made?.remove();
    if (signal.reason instanceof Interruption) signal.reason.hint = fateOf(to, options.atomic);
    throw error;
  } finally {
    display?.clear();
  }
  await report(cli, voice, { from, to, result, rejects: flags.rejects });
}

/** A stream has no name to say its format; and compressed bytes on a terminal may reprogram it. */
function checkStandardOutput(to: Endpoint | undefined, isTerminal: boolean): void {
  if (to?.format === undefined) {
    throw new BadUsage(
      'the standard output does not say its format',
      'say it, as in --to jsonl or --to csv.gz',
    );
  }
  if (isTerminal && to.codec !== undefined && to.codec !== 'identity') {
    throw new BadUsage('compressed data is not written to a terminal', 'send it to a file: > FILE');
  }
}

function fateOf(to: string, atomic: boolean | undefined): string {
  if (to === '-') return 'what it has written is not complete';
  return atomic ? `nothing was published: ${to} is what it was before` : `${to} is not complete`;
}

interface Done {
  readonly from: string;
  readonly to: string;
  readonly result: ConversionResult;
  readonly rejects: string | undefined;
}

async function report({ terminal }: Cli, voice: Voice, { from, to, result, rejects }: Done): Promise<void> {
  if (voice.json) {
    const { errors, ...sums } = result;
    const told = { source: from, destination: to, ...sums, errors: errors.map(({ message }) => message) };
    await print(to === '-' ? terminal.stderr : terminal.stdout, json(told));
    return;
  }
  for (const warning of result.warnings) voice.warn(warning);
  voice.say(`${to === '-' ? 'stdout' : visible(to)}: ${describeResult(result, rejects)}`);
}
