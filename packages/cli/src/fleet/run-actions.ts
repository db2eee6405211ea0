import { relative, resolve } from 'node:path';

import type { Cli } from '../commands/cli.ts';
import { PartlyFailed } from '../failure/partly-failed.ts';
import { json, print } from '../output/print.ts';
import { counted } from '../output/quantity.ts';
import { visible } from '../output/visible-text.ts';
import { voiceOf } from '../output/voice.ts';
import { engineOf, serverOf, workOptions } from './engine-of.ts';
import type { RunFlags, runActions } from './flags.ts';
import { followAndReport, nounOf, sumsOf } from './follow.ts';
import { loadFleet, loadRunDirectory } from './load.ts';

type Action = (cli: Cli, id: string, flags: RunFlags) => Promise<void>;

export const actions: Readonly<Record<(typeof runActions)[number], Action>> = {
  async status(cli, id, flags) {
    const { findRun, statusOf } = await loadRunDirectory();
    const voice = voiceOf(flags, cli.terminal);
    const run = await findRun(resolve(id));
    const status = await statusOf(run);
    const text = `${sumsOf(status, voice, nounOf(status))}: run ${run.number} ${status.isFinished ? 'has ended' : 'has not ended'}`;
    await print(cli.terminal.stdout, voice.json ? json({ run, ...status }) : `${text}\n`);
    if (status.failed > 0) throw new PartlyFailed();
  },

  async resume(cli, id, flags) {
    const { joinRun } = await loadFleet();
    const voice = voiceOf(flags, cli.terminal);
    const { retryFailed = false, redoChanged = false } = flags;
    const engine = await engineOf(flags, voice);
    const run = await joinRun(resolve(id), {
      ...workOptions(flags),
      engine,
      retryFailed,
      redoChanged,
      signal: cli.signal,
    });
    await followAndReport(cli, voice, run);
  },

  async verify(cli, id, flags) {
    const { findRun, statusOf, verifyRun } = await loadRunDirectory();
    const voice = voiceOf(flags, cli.terminal);
    const run = await findRun(resolve(id));
    const found = await verifyRun(run);
    if (voice.json) await print(cli.terminal.stdout, json({ run, ...found }));
    else {
      const lines = found.deviations.map(({ path, kind }) => `${kind}  ${visible(relative('.', path))}\n`);
      await print(cli.terminal.stdout, lines.join(''));
      const { published, failed, open } = found;
      const files = published + failed + open;
      voice.say(
        `${sumsOf({ files, published, failed, open }, voice, nounOf(await statusOf(run)))}, ${counted(lines.length, 'output')} not as published`,
      );
      const isChanged = ({ kind }: (typeof found.deviations)[number]): boolean => kind === 'changed';
      if (!found.deviations.every(isChanged))
        voice.say(`  x run resume ${id} puts back what is missing or replaced`);
      if (found.deviations.some(isChanged))
        voice.say(`  x run resume ${id} --redo-changed makes anew what was written to since`);
    }
    if (found.deviations.length > 0 || found.failed > 0 || found.open > 0) throw new PartlyFailed();
  },

  async cancel(cli, id, flags) {
    const { cancelRun, findRun } = await loadRunDirectory();
    const voice = voiceOf(flags, cli.terminal);
    const run = await findRun(resolve(id));
    // Before anything is done, what is wrong with the server's name.
    const server = flags.engine === undefined ? undefined : await serverOf(flags, voice);
    await cancelRun(run);
    // It is cancelled all the same: whoever takes what is left of it finds no run.
    await server?.forget(run).catch((error: Error) => {
      voice.warn(`the server has kept what it has of the run: ${error.message}`);
    });
    if (voice.json) return print(cli.terminal.stdout, json({ cancelled: run }));
    voice.say(`run ${run.number} of ${id} is cancelled: its workers publish nothing more`);
  },

  async gc(cli, id, flags) {
    const { collectGarbage } = await loadRunDirectory();
    const voice = voiceOf(flags, cli.terminal);
    const removed = await collectGarbage(resolve(id));
    if (voice.json) return print(cli.terminal.stdout, json({ removed }));
    await print(cli.terminal.stdout, removed.map((path) => `${visible(relative('.', path))}\n`).join(''));
    voice.say(`${counted(removed.length, 'leftover')} removed`);
  },
};
