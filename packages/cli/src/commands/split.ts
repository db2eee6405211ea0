import { Command, Option } from 'commander';

import { BadUsage } from '../failure/bad-usage.ts';
import { addRunOptions } from '../fleet/engine-of.ts';
import type { SplitFlags } from '../fleet/flags.ts';
import { voiceOf } from '../output/voice.ts';
import { readingOptions, targetOf, writingOptions } from '../usage/convert-options.ts';
import {
  addReadingOptions,
  addRowOptions,
  addShapeOptions,
  addVoiceOptions,
  addWritingOptions,
} from '../usage/options.ts';
import { bytes } from '../usage/words.ts';
import type { Cli } from './cli.ts';

const examples = `
Examples:
  x split huge.csv out --to parquet                   parts of 128 MB, two at a time on two processors
  x split huge.jsonl out                              what they are already: part-00000.jsonl, …
  x split huge.csv out --to csv.gz --part-size 1GB
  x split huge.jsonl out --to parquet -c id,name      of JSON Lines, the columns that all parts have
  x split huge.csv out --to parquet --detach          leave the work to others:
  x worker --run out --shard 0/4                      … as a task of an array job, with no server
  x run status out                                    how far it is; resume, verify, cancel, gc

The file (csv, tsv, psv, ssv, jsonl; not compressed) is read once to find where records end, quoted line
breaks included; each part is converted as x convert does it, with the columns and types that the first rows
have. The folder appears with all of its parts, or not at all: until then they are in .out.parts beside
it, and after an interruption x run resume out goes on.

Where out is such a folder already, its readers keep the old parts until the new ones, all at once, are its
newest version: the last file in out/_versions names them. It takes the package @x/fleet.`;

export function splitCommand(cli: Cli): Command {
  const command = new Command('split')
    .description('convert one huge file into a folder of parts')
    .argument('<in>', 'the file to cut: csv, tsv, psv, ssv or jsonl')
    .argument('<out>', 'the folder of the parts; not there yet, empty, or made by x split')
    .optionsGroup('Parts:')
    .option('--part-size <size>', 'of the input in a part: 256MB, 1GB (default: 128 MiB)')
    .option('-j, --concurrency <count>', 'parts at a time (default: by the processors)');
  addRunOptions(command, 'the folder');
  addReadingOptions(command);
  addShapeOptions(command);
  addWritingOptions(
    command,
    new Option(
      '-t, --to <format>',
      "format of the parts, as a file's name ends (default: that of the input)",
    ),
    'parts',
  );
  addRowOptions(command, 'directory');
  addVoiceOptions(command);
  return command
    .addHelpText('after', examples)
    .action((source: string, out: string, flags: SplitFlags) => run(cli, source, out, flags));
}

async function run(cli: Cli, source: string, out: string, flags: SplitFlags): Promise<void> {
  if (source === '-') {
    throw new BadUsage(
      'the standard input cannot be cut: it can be read only once, by one',
      'write it to a file first, as in cat > huge.csv',
    );
  }
  if (out === '-') throw new BadUsage('the parts go to a folder', 'name one, as in x split huge.csv out');
  if (flags.to?.includes('{')) {
    throw new BadUsage(
      `--to ${flags.to}: the parts have names already`,
      'say how they end, as in --to csv.gz',
    );
  }
  const { partSize } = flags;
  const partBytes = partSize === undefined ? undefined : bytes(partSize, '--part-size');
  if (partBytes === 0) throw new BadUsage(`--part-size ${partSize}: a part has a byte at least`);
  const voice = voiceOf(flags, cli.terminal);
  const engine = await import('@x/convert');
  // Of a run, whose outputs are always atomic and durable.
  const { atomic: _a, durability: _d, to, ...writing } = writingOptions(flags, engine);
  const options = {
    ...readingOptions(flags, engine),
    ...writing,
    to: flags.to === undefined ? to : targetOf({ ...flags, to: flags.to }, engine),
    ...(partBytes !== undefined && { partBytes }),
    signal: cli.signal,
  };
  const { splitRun } = await import('../fleet/split-run.ts');
  return splitRun(cli, voice, { source, out, options, flags });
}
