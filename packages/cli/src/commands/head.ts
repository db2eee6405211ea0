import { Command, Option } from 'commander';

import type { RowReader } from '@x/convert';

import { json, print } from '../output/print.ts';
import { sampleTable } from '../output/sample.ts';
import { type VoiceFlags, voiceOf } from '../output/voice.ts';
import { standardInput } from '../streams/standard-input.ts';
import { type ReadingFlags, readingOptions } from '../usage/convert-options.ts';
import { endpointOf } from '../usage/endpoint.ts';
import { addReadingOptions, addShapeOptions, addVoiceOptions } from '../usage/options.ts';
import { wholeNumber } from '../usage/words.ts';
import type { Cli } from './cli.ts';
import { firstRows } from './first-rows.ts';

interface Flags extends ReadingFlags, VoiceFlags {
  readonly rows: string;
  readonly to?: string;
}

const examples = `
Examples:
  x head orders.csv.gz                  a table of the first ten rows
  x head orders.csv -n 3 -c id,total    three rows, two columns
  x head orders.csv | jq .id            JSON Lines wherever it does not go to a terminal
  x head orders.jsonl.zst --to csv      the first rows as CSV`;

export function headCommand(cli: Cli): Command {
  const command = new Command('head')
    .description('show the first rows of a file')
    .argument('<file>', 'the file to read; - for the standard input')
    .optionsGroup('Showing:')
    .option('-n, --rows <count>', 'how many rows', '10')
    .addOption(
      new Option(
        '-t, --to <format>',
        'write the rows in this format (default: a table on a terminal, else jsonl)',
      ),
    );
  addReadingOptions(command);
  addShapeOptions(command);
  addVoiceOptions(command);
  return command.addHelpText('after', examples).action((file: string, flags: Flags) => run(cli, file, flags));
}

/** `-3` as the `head` of Unix has it, where it is no value of an option before it: `-n3`. */
export function countAsOption(words: readonly string[]): readonly string[] {
  if (words[0] !== 'head') return words;
  return words.map((word, i) =>
    /^-\d+$/.test(word) && !words[i - 1]!.startsWith('-') ? `-n${word.slice(1)}` : word,
  );
}

async function run(cli: Cli, file: string, flags: Flags): Promise<void> {
  const { terminal, signal } = cli;
  const { stdout } = terminal;
  const voice = voiceOf(flags, terminal);
  const engine = await import('@x/convert');
  const limit = wholeNumber(flags.rows, '--rows', 0);
  const asTable = flags.to === undefined && stdout.isTTY && !voice.json;
  const to = endpointOf(
    { spelling: flags.to ?? 'jsonl', codec: undefined, options: undefined },
    'to',
    engine,
  );
  const source = file === '-' ? standardInput(terminal, signal).bytes : file;
  const batchSize = Math.min(Math.max(limit, 1), 1000);
  const reader: RowReader = await engine.openReader(source, {
    ...readingOptions(flags, engine),
    batchSize,
    signal,
  });
  if (voice.json || asTable) {
    const { columns, rows, more } = await firstRows(reader, limit);
    if (voice.json) {
      const objects = rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
      await print(stdout, json({ path: file, columns, rows: objects }));
      return;
    }
    await print(stdout, sampleTable(columns, rows, voice.outStyle, { width: voice.width }));
    if (more) voice.say(voice.style.dim('… and more rows'));
    for (const warning of reader.warnings) voice.warn(warning);
    return;
  }
  const writer = await engine.openWriter(stdout, { to, signal });
  let written = 0;
  if (limit > 0) {
    for await (const row of reader) {
      await writer.write(row);
      written += 1;
      if (written === limit) break;
    }
  }
  await reader.close();
  await writer.commit();
  for (const warning of reader.warnings) voice.warn(warning);
}
