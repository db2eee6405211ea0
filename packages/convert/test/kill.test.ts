import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';

import { childNodeArgs } from '@x/vitest-config/child-node';

import { hasFifos, makeEndless } from './endless.ts';
import { test } from './scratch.ts';

const program = join(import.meta.dirname, 'fixtures/convert-once.mjs');

function start(source: string, target: string): ChildProcess {
  return spawn(process.execPath, [...childNodeArgs, program, source, target], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => -1,
  );

/** Incompressible enough that the output grows while the run goes on. */
async function writeSource(path: string): Promise<number> {
  const lines = ['id,value,text'];
  let state = 12_345;
  for (let row = 0; row < 120_000; row += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    lines.push(`${row},${state},text of ${state % 9973}`);
  }
  await writeFile(path, `${lines.join('\n')}\n`);
  return lines.length - 1;
}

test('killed at ten random moments, the destination is the old file, absent, or whole', async ({
  folder,
}) => {
  const [source, target] = [join(folder, 'a.csv'), join(folder, 'b.jsonl.gz')];
  const temp = `${target}.tmp`;
  const rows = await writeSource(source);
  await once(start(source, target), 'exit');
  const whole = await readFile(target);
  const endless = join(folder, 'endless.csv');
  if (hasFifos) makeEndless(endless);
  expect(gunzipSync(whole).toString().trimEnd().split('\n')).toHaveLength(rows);

  let killedMidway = 0;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const old = attempt % 2 === 0 ? Buffer.from('the old content') : undefined;
    await rm(temp, { force: true });
    if (old) await writeFile(target, old);
    else await rm(target, { force: true });

    // Two of them cannot have come to their end before they are killed, however late that is.
    const isEndless = hasFifos && attempt < 2;
    const child = start(isEndless ? endless : source, target);
    const ended = once(child, 'exit');
    // The moment is a share of the output, so that it strikes at work and not at start-up.
    const moment = Math.random() * whole.length;
    while (child.exitCode === null && (await sizeOf(temp)) < moment) await new Promise(setImmediate);
    child.kill('SIGKILL');
    await ended;

    const now = await readFile(target).catch(() => undefined);
    if (!isEndless && now?.equals(whole)) continue;
    expect(now).toEqual(old);
    if ((await sizeOf(temp)) > 0) killedMidway += 1;
  }
  // Otherwise every kill struck before the first byte or after the last, and nothing was shown.
  expect(killedMidway).toBeGreaterThanOrEqual(hasFifos ? 2 : 0);

  // A leftover of a killed run neither stops the next one nor stays.
  await once(start(source, target), 'exit');
  expect(await readFile(target)).toEqual(whole);
  expect(await readdir(folder)).toEqual(['a.csv', 'b.jsonl.gz', ...(hasFifos ? ['endless.csv'] : [])]);
});
