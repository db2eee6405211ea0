import { relative } from 'node:path';

import { Command } from 'commander';

import { BadUsage } from '../failure/bad-usage.ts';
import { json, print } from '../output/print.ts';
import { counted } from '../output/quantity.ts';
import { visible } from '../output/visible-text.ts';
import { type VoiceFlags, voiceOf } from '../output/voice.ts';
import { addVoiceOptions } from '../usage/options.ts';
import type { Cli } from './cli.ts';

interface Flags extends VoiceFlags {
  readonly recursive?: boolean;
  readonly dryRun?: boolean;
  readonly minAge?: string;
}

const examples = `
Examples:
  x sweep out                     the temps in a directory
  x sweep out/orders.parquet      the temps of one file
  x sweep . -r --dry-run          what would be removed, here and below

Only temps whose writer is no longer alive are removed; one that is being written stays.`;

export function sweepCommand(cli: Cli): Command {
  const command = new Command('sweep')
    .description('remove the temps that killed runs have left')
    .argument('<dir...>', 'directories to look into, or files that were to be written')
    .optionsGroup('What:')
    .option('-r, --recursive', 'directories below, too')
    .option('--dry-run', 'show what would be removed, and remove nothing')
    .option('--min-age <time>', 'leave what is younger: 30s, 10m, 2h, 1d');
  addVoiceOptions(command);
  return command
    .addHelpText('after', examples)
    .action((places: readonly string[], flags: Flags) => run(cli, places, flags));
}

async function run({ terminal, signal }: Cli, places: readonly string[], flags: Flags): Promise<void> {
  const voice = voiceOf(flags, terminal);
  const { sweep } = await import('@x/convert');
  const { recursive = false, dryRun = false, minAge } = flags;
  const warnings: string[] = [];
  const removed: string[] = [];
  for (const place of places) {
    const found = await sweep(place, {
      recursive,
      dryRun,
      signal,
      ...(minAge !== undefined && { minAge: milliseconds(minAge) }),
      onWarning: ({ message }) => warnings.push(message),
    });
    for (const path of found) if (!removed.includes(path)) removed.push(path);
  }
  if (voice.json) {
    await print(terminal.stdout, json({ [dryRun ? 'wouldRemove' : 'removed']: removed, warnings }));
    return;
  }
  // The list is what the command gives, so it goes to stdout, as `find` does it.
  await print(terminal.stdout, removed.map((path) => `${visible(shown(path))}\n`).join(''));
  for (const warning of warnings) voice.warn(warning);
  voice.say(`${counted(removed.length, 'temp')} ${dryRun ? 'would be removed' : 'removed'}`);
}

/** Relative where that is shorter to read. */
function shown(path: string): string {
  const short = relative('.', path);
  return short.startsWith('..') ? path : short;
}

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

function milliseconds(text: string): number {
  const [, digits, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (digits === undefined)
    throw new BadUsage(`--min-age ${text}: that is no time`, 'as in 30s, 10m, 2h or 1d');
  return Number(digits) * units[unit as keyof typeof units] * 1000;
}
