import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { link, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { FleetError, systemCode } from '../fleet-error.ts';
import { syncFolder } from '../run-directory/folders.ts';
import { replacementBytes, type TaskName, tasks } from './tasks.ts';

/** What a run needs of a file system, and whether it has it. */
export interface Finding {
  readonly name: 'exclusive-create' | 'link' | 'rename' | 'inode' | 'folder-sync' | 'revoke';
  /** What it is about, in a few words. */
  readonly about: string;
  /** What was seen instead; undefined where all is well. */
  readonly problem: string | undefined;
}

/** Names that both processes want; enough that they often want one at the same time. */
const contested = Array.from({ length: 300 }, (_, i) => `name-${i}`);
const rounds = 300;

/**
 * Tries on a folder, from two processes at once, what runs rely on. What it makes there it removes.
 *
 * @throws {FleetError} `BAD_OPTION` where nothing can be written there.
 */
export async function examineFolder(folder: string): Promise<Finding[]> {
  const base = join(folder, `.x-doctor-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(base);
  } catch (cause) {
    throw new FleetError('BAD_OPTION', 'the folder cannot be written to', { path: folder, cause });
  }
  let peer: Peer | undefined;
  try {
    peer = await Peer.start();
    return await examined(base, peer);
  } finally {
    peer?.end();
    await rm(base, { recursive: true, force: true });
  }
}

async function examined(base: string, peer: Peer): Promise<Finding[]> {
  return [
    await examine('exclusive-create', 'of two that create a name, one does', () =>
      race(base, peer, 'create'),
    ),
    await examine('link', 'of two that link to a name, one does, and the other is told EEXIST', () =>
      race(base, peer, 'link'),
    ),
    await examine('rename', 'a file is replaced in one step, readers see the old or the new one', () =>
      replaced(base, peer),
    ),
    await examine('inode', 'a file keeps its number when it is linked and renamed', () => numbered(base)),
    await examine('folder-sync', 'the names in a folder can be made durable', () => synced(base)),
    await examine('revoke', 'in a folder that was renamed away, nobody publishes any more', () =>
      revoked(base, peer),
    ),
  ];
}

async function examine(
  name: Finding['name'],
  about: string,
  seen: () => Promise<string | undefined>,
): Promise<Finding> {
  try {
    return { name, about, problem: await seen() };
  } catch (error) {
    return { name, about, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function race(base: string, peer: Peer, task: 'create' | 'link'): Promise<string | undefined> {
  const folder = join(base, task);
  await mkdir(folder);
  const [ours, theirs] = await Promise.all([
    tasks[task](folder, contested),
    peer.run(task, folder, contested.toReversed()),
  ]);
  for (const [i, name] of contested.entries()) {
    const fates = [ours[i]!, theirs[contested.length - 1 - i]!].toSorted();
    if (fates[0] !== 'EEXIST' || fates[1] !== 'won') return `${name}: ${fates.join(' and ')}`;
  }
  return undefined;
}

async function replaced(base: string, peer: Peer): Promise<string | undefined> {
  await writeFile(join(base, 'target'), 'a'.repeat(replacementBytes));
  const words = ['target', String(rounds)];
  const [reads, renames] = await Promise.all([tasks.read(base, words), peer.run('replace', base, words)]);
  const bad = [...renames, ...reads].find((fate) => fate !== 'won');
  return bad === undefined ? undefined : `a reader or a writer met ${bad}`;
}

async function numbered(base: string): Promise<string | undefined> {
  const [one, other, last] = ['one', 'other', 'last'].map((name) => join(base, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(one, 'x');
  const { ino } = await stat(one, { bigint: true });
  await link(one, other);
  await rename(one, last);
  const numbers = await Promise.all(
    [other, last].map(async (path) => (await stat(path, { bigint: true })).ino),
  );
  return numbers.every((number) => number === ino) ? undefined : `${ino} became ${numbers.join(' and ')}`;
}

async function synced(base: string): Promise<string | undefined> {
  try {
    await syncFolder(base);
    return undefined;
  } catch (error) {
    return `open and fsync of a folder fail with ${systemCode(error) ?? String(error)}`;
  }
}

async function revoked(base: string, peer: Peer): Promise<string | undefined> {
  const folder = join(base, 'run');
  await mkdir(folder);
  // Both have been in there, as workers have, and one of them has a file open.
  await peer.run('create', folder, ['seen']);
  const held = await open(join(folder, 'held'), 'wx');
  try {
    await rename(folder, join(base, 'revoked'));
    const late = [...(await peer.run('create', folder, ['late'])), ...(await tasks.create(folder, ['late']))];
    const bad = late.find((fate) => fate !== 'ENOENT');
    return bad === undefined ? undefined : `a call in a folder that was renamed away met ${bad}`;
  } finally {
    await held.close();
  }
}

/** Beside this file in the source; built, this file becomes part of one that lies above it. */
const program = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './peer.ts' : './doctor/peer.js', import.meta.url),
);

interface Answer {
  readonly fates?: readonly string[];
  readonly failed?: string;
}

class Peer {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  static async start(): Promise<Peer> {
    // Of the options of this process those that say where packages are; `--input-type` would allow no file.
    const execArgv = process.execArgv.filter((option) => option.startsWith('--conditions='));
    const peer = new Peer(fork(program, { execArgv }));
    await peer.#answer();
    return peer;
  }

  async run(task: TaskName, folder: string, names: readonly string[]): Promise<readonly string[]> {
    this.#process.send({ task, folder, names });
    const { fates, failed } = await this.#answer();
    if (fates === undefined) throw new Error(failed);
    return fates;
  }

  async #answer(): Promise<Answer> {
    const answered = new AbortController();
    const { signal } = answered;
    try {
      const ended = once(this.#process, 'exit', { signal }).then(([code]): never => {
        throw new Error(`the second process has ended with exit code ${code}`);
      });
      const [answer] = (await Promise.race([once(this.#process, 'message', { signal }), ended])) as [Answer];
      return answer;
    } finally {
      answered.abort();
    }
  }

  end(): void {
    this.#process.kill();
  }
}
