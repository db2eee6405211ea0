import { Command, Option } from 'commander';

import type { Terminal } from './terminal.ts';
import { describeResult } from './report.ts';

interface Flags {
  readonly from?: string;
  readonly to?: string;
  readonly atomic: boolean;
  readonly durability: 'full' | 'data' | 'none';
  readonly quiet?: true;
}

export function convertCommand(terminal: Terminal, signal: AbortSignal): Command {
  return new Command('convert')
    .description('convert one file into another')
    .argument('<in>', 'the file to read')
    .argument('<out>', 'the file to write; its name says format and compression')
    .option('--from <format>', 'format of <in>, where content and name do not say it')
    .option('--to <format>', 'format of <out>, where its name does not say it')
    .option('--no-atomic', 'write straight into <out> instead of replacing it when all is well')
    .addOption(
      new Option('--durability <level>', 'what is synced to the disk before the command ends')
        .choices(['full', 'data', 'none'])
        .default('full'),
    )
    .option('-q, --quiet', 'say nothing but errors')
    .addHelpText(
      'after',
      `
Examples:
  x convert orders.csv orders.jsonl
  x convert orders.csv orders.jsonl.zst
  x convert export.txt orders.jsonl.gz --from csv`,
    )
    .action(async (source: string, destination: string, flags: Flags) => {
      // Loaded here, so that --help and --version need not wait for it.
      const { convert } = await import('@x/convert');
      const result = await convert(source, destination, {
        atomic: flags.atomic,
        durability: flags.durability,
        signal,
        ...(flags.from && { from: { format: flags.from } }),
        ...(flags.to && { to: { format: flags.to } }),
      });
      if (!flags.quiet) terminal.stderr.write(`${destination}: ${describeResult(result)}\n`);
    });
}
