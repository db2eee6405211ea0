import { stat } from 'node:fs/promises';

import { Command } from 'commander';

import { json, print } from '../output/print.ts';
import { type VoiceFlags, voiceOf } from '../output/voice.ts';
import { type ReadingFlags, readingOptions } from '../usage/convert-options.ts';
import { addReadingOptions, addShapeOptions, addVoiceOptions } from '../usage/options.ts';
import { type Findings, findings } from '../inspect/findings.ts';
import { findingsText } from '../inspect/findings-text.ts';
import { openInspected } from '../inspect/open-inspected.ts';
import { wholeNumber } from '../usage/words.ts';
import type { Cli } from './cli.ts';

interface Flags extends ReadingFlags, VoiceFlags {
  readonly rows: string;
  readonly count: boolean;
}

const examples = `
Examples:
  x inspect orders.csv.gz                format, compression, columns, types, rows, a sample
  x inspect huge.jsonl --no-count        at once: looks at the first rows only
  x inspect orders.csv --json | jq .rows
  curl -s $URL | x inspect -`;

export function inspectCommand(cli: Cli): Command {
  const command = new Command('inspect')
    .description('show what a file is and holds')
    .argument('<file>', 'the file to look at; - for the standard input')
    .optionsGroup('Showing:')
    .option('-n, --rows <count>', 'rows of the sample', '5')
    .option('--no-count', 'do not read to the end to count the rows');
  addReadingOptions(command);
  addShapeOptions(command);
  addVoiceOptions(command);
  return command.addHelpText('after', examples).action((file: string, flags: Flags) => run(cli, file, flags));
}

async function run(cli: Cli, file: string, flags: Flags): Promise<void> {
  const { terminal, signal } = cli;
  const voice = voiceOf(flags, terminal);
  const engine = await import('@x/convert');
  const limit = wholeNumber(flags.rows, '--rows', 0);
  const opened = await openInspected(cli, file, { types: 'infer', ...readingOptions(flags, engine), signal });
  const bytes = opened.size ?? (file === '-' ? undefined : (await stat(file)).size);

  const display = voice.progress(file);
  const startedAt = performance.now();
  let found: Findings;
  try {
    found = await findings(opened.reader, {
      sampleSize: limit,
      toTheEnd: flags.count,
      onBatch: (rowsRead) => {
        const elapsedMs = performance.now() - startedAt;
        display.update({ rowsRead, bytesRead: opened.reader.bytesRead, bytesTotal: bytes, elapsedMs });
      },
    });
  } finally {
    display.clear();
    await opened.reader.close();
  }

  const { detection } = opened;
  if (voice.json) {
    const sample = found.sample.map((row) =>
      Object.fromEntries(found.columns.map(({ name }, i) => [name, row[i]])),
    );
    await print(
      terminal.stdout,
      json({ path: file, ...detection, bytes, ...found, sample, warnings: opened.reader.warnings }),
    );
  } else {
    const subject = { name: file, ...detection, bytes };
    await print(terminal.stdout, findingsText(subject, found, voice.outStyle, voice.width));
    for (const warning of opened.reader.warnings) voice.warn(warning);
  }
}
