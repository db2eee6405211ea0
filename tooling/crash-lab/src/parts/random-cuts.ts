import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { start } from '../child.ts';
import { type FileSystem, Image, imageMissing } from '../image.ts';
import { seededRandom } from '../random.ts';
import { nodeOptions, plainEnvironment } from '../run.ts';
import { makeDirectory, plantTree, removeDirectory } from '../sandbox.ts';
import type { Settings } from '../writers/subjects.mjs';
import { version, versionOf } from '../writers/version.mjs';
import type { PartResult, Skipped, Violation } from './result.ts';

export interface RandomCutSettings extends Settings {
  readonly cuts: number;
  readonly seed: number;
}

const script = fileURLToPath(new URL('../writers/endless.mjs', import.meta.url));
const name = 'target.bin';
const baseSize = 3000;

/** A cut comes this long after the first version is known to be done, at most, in milliseconds. */
const longestWait = 400;

/** Cuts the power of a real file system at random moments of a writer that goes on and on. */
export async function randomCuts(
  subject: string,
  fileSystem: FileSystem,
  settings: RandomCutSettings,
): Promise<PartResult | Skipped> {
  const part = `${fileSystem} image, random cuts`;
  const reason = await imageMissing(fileSystem);
  if (reason !== undefined) return { part, reason };
  const random = seededRandom(settings.seed);
  const image = await Image.make(fileSystem);
  const home = await makeDirectory();
  try {
    const violations: Violation[] = [];
    for (let cut = 0; cut < settings.cuts; cut += 1) {
      const wait = random.below(longestWait);
      // oxlint-disable-next-line no-await-in-loop -- one power cut at a time
      const found = await cutOnce(image, join(home, 'done'), subject, settings, wait);
      violations.push(...found);
    }
    return { part, subject, tried: settings.cuts, unit: 'power cuts', violations, notes: [] };
  } finally {
    await image.dispose();
    await removeDirectory(home);
  }
}

async function cutOnce(
  image: Image,
  acknowledged: string,
  subject: string,
  settings: RandomCutSettings,
  wait: number,
): Promise<Violation[]> {
  const { cuts: _cuts, seed: _seed, ...own } = settings;
  const directory = join(image.mountPoint, 'sandbox');
  await plantTree(directory, { [name]: { content: version(0, baseSize), mode: 0o644 } });
  await image.reboot();
  await rm(acknowledged, { force: true });
  const target = join(directory, name);
  const spec = JSON.stringify({ size: baseSize, ...own });
  const env = { ...plainEnvironment(), NODE_OPTIONS: nodeOptions(false) };
  const child = start([process.execPath, script, subject, target, acknowledged, spec], { cwd: '/', env });
  const writer = { ended: false };
  const exit = child.exit.finally(() => {
    writer.ended = true;
  });
  // oxlint-disable-next-line no-await-in-loop -- polling
  while (!writer.ended && (await doneUpTo(acknowledged)) === 0) await sleep(1);
  if (writer.ended) throw new Error(`${subject} ended before the power was cut: ${(await exit).stderr}`);
  await sleep(wait);
  // Read before the cut: what is noted later may have been done after it.
  const promised = await doneUpTo(acknowledged);
  await image.cutPower();
  child.kill();
  await exit;
  await image.reboot();
  const content = await readFile(target).catch(() => undefined);
  if (content === undefined)
    return [{ kind: 'absent', detail: `nothing there, version ${promised} was promised` }];
  const found = versionOf(content);
  if (found === undefined) return [{ kind: 'mixed', detail: `${content.byteLength} bytes of no version` }];
  if (found < promised && (settings.durability ?? 'full') === 'full') {
    return [{ kind: 'lost', detail: `version ${found} is there, ${promised} was promised` }];
  }
  return [];
}

async function doneUpTo(acknowledged: string): Promise<number> {
  return Number(await readFile(acknowledged, 'utf8').catch(() => '0'));
}
