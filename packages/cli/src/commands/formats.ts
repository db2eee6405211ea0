import { Command } from 'commander';

import { json, print } from '../output/print.ts';
import { table } from '../output/table.ts';
import { type VoiceFlags, voiceOf } from '../output/voice.ts';
import { addVoiceOptions } from '../usage/options.ts';
import type { Cli } from './cli.ts';

export function formatsCommand(cli: Cli): Command {
  const command = new Command('formats').description('list the formats and compressions');
  addVoiceOptions(command);
  return command.action((flags: VoiceFlags) => run(cli, flags));
}

async function run({ terminal }: Cli, flags: VoiceFlags): Promise<void> {
  const voice = voiceOf(flags, terminal);
  const { listCodecs, listFormats, listInstalledFormats } = await import('@x/convert');
  const formatList = [...listFormats(), ...(await listInstalledFormats())];
  const codecList = listCodecs().filter(({ name }) => name !== 'identity');
  if (voice.json) {
    await print(terminal.stdout, json({ formats: formatList, codecs: codecList }));
    return;
  }
  const { outStyle, width } = voice;
  const formatTable = table(
    ['format', 'extensions', 'read', 'write', 'streaming', 'types', 'nesting', 'engine'].map((title) => ({
      title,
    })),
    formatList.map(({ name, extensions, read, write, streaming, typed, nested, package: engine }) => [
      name,
      extensions.join(' '),
      yes(read),
      yes(write),
      yes(streaming),
      yes(typed),
      yes(nested),
      engine ?? 'built in',
    ]),
    outStyle,
    { width },
  );
  const codecTable = table(
    ['compression', 'extensions', 'read', 'write', 'threads', 'levels', 'engine'].map((title) => ({ title })),
    codecList.map(({ name, extensions, read, write, threads, levels, packages }) => [
      name,
      extensions.join(' '),
      yes(read),
      yes(write),
      yes(threads),
      levels ? `${levels.min} to ${levels.max}, default ${levels.default}` : undefined,
      packages.length === 0 ? 'built in' : `npm install ${packages.join(' ')}`,
    ]),
    outStyle,
    { width },
  );
  await print(terminal.stdout, `${formatTable}\n${codecTable}`);
}

const yes = (able: boolean): string => (able ? 'yes' : 'no');
