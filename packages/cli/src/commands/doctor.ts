import { Command } from 'commander';

import { PartlyFailed } from '../failure/partly-failed.ts';
import { loadFleet } from '../fleet/load.ts';
import { json, print } from '../output/print.ts';
import { type VoiceFlags, voiceOf } from '../output/voice.ts';
import { addVoiceOptions } from '../usage/options.ts';
import type { Cli } from './cli.ts';

const examples = `
Examples:
  x doctor /mnt/shared/out

It tries, from two processes at once, what runs of many workers rely on: that a name is created once,
that a link to a name that is there is refused, that a file is replaced in one step, that names can be
made durable, and that a folder can be renamed away under a worker. What it makes it removes.`;

export function doctorCommand(cli: Cli): Command {
  const command = new Command('doctor')
    .description('see whether a folder is fit for runs of many workers')
    .argument('<dir>', 'a folder on the file system that the outputs go to');
  addVoiceOptions(command);
  return command
    .addHelpText('after', examples)
    .action((dir: string, flags: VoiceFlags) => run(cli, dir, flags));
}

async function run({ terminal }: Cli, dir: string, flags: VoiceFlags): Promise<void> {
  const voice = voiceOf(flags, terminal);
  const { examineFolder } = await loadFleet();
  const findings = await examineFolder(dir);
  const { outStyle: style } = voice;
  const lines = findings.map(
    ({ about, problem }) =>
      `${problem === undefined ? style.green('yes') : style.red('no ')}  ${about}${problem === undefined ? '' : `: ${problem}`}\n`,
  );
  await print(terminal.stdout, voice.json ? json({ findings }) : lines.join(''));
  if (findings.some(({ problem }) => problem !== undefined)) throw new PartlyFailed();
}
