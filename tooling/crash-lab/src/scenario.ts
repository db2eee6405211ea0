import { fileURLToPath } from 'node:url';

import type { Versions } from './model/verdict.ts';
import type { Tree } from './sandbox.ts';
import type { Settings } from './writers/subjects.mjs';
import { version } from './writers/version.mjs';

export type Durability = 'full' | 'data' | 'none';

/** A child process that replaces one file (or a few) in a sandbox. */
export interface Scenario {
  readonly name: string;
  /** The program and its arguments; `{target}` stands for the path of the first target. */
  readonly command: readonly string[];
  /** Environment variables of the program. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the sandbox holds at the start. */
  readonly tree: Tree;
  /** The first is the target that the faults and kills are about. */
  readonly targets: readonly [Versions, ...Versions[]];
  /**
   * The program marks the moment at which its write has come back, and reports how it ended; without this,
   * exit code 0 is both.
   */
  readonly marks: boolean;
  /** A second run cannot succeed once the first one has (it creates, or uses up, something). */
  readonly once?: true;
  /** Errors must be `AtomicWriteError`s, complete with code, hint and `committed`. */
  readonly typedErrors?: true;
  /** What the program's own documentation promises after it has succeeded. Default `full`. */
  readonly durability: Durability;
}

/** Old and new content, of sizes that fill neither a whole number of blocks nor the same number of them. */
const oldSize = 5000;
const newSize = 9000;

/** Writable by the group, which the usual umask takes away: it has to be set after the file is created. */
const plainMode = 0o664;

const writer = fileURLToPath(new URL('writers/write.mjs', import.meta.url));

const ourPrefix = 'atomic-fs ';
const onceOnly = new Set(['atomic-fs writeFile wx', 'atomic-fs replace']);

export interface SubjectOptions extends Settings {
  /** The number and the size of the new version. Default 2 and 9000 bytes. */
  readonly id?: number;
  readonly size?: number;
  /** New content as text, instead of a numbered version. */
  readonly text?: string;
  /** Whether there is an old version. Default true. */
  readonly exists?: boolean;
  /** Where the target is: a plain file, or behind a symbolic link in another directory. Default `plain`. */
  readonly behind?: 'plain' | 'link';
  /** Whether the writer promises to keep the permissions of the file that it replaces. */
  readonly keepsMode?: boolean;
}

/** Two files published by one call: not a transaction, so each is old or new for itself. */
export function commitAllScenario(): Scenario {
  const scenario = subjectScenario('atomic-fs commitAll', { keepsMode: true });
  const [first] = scenario.targets;
  return {
    ...scenario,
    targets: [first, { path: `${first.path}.second`, before: undefined, after: first.after }],
  };
}

/** A symbolic link that is pointed somewhere else. */
export function symlinkScenario(): Scenario {
  const [before, after] = ['old-place', 'new-place'];
  const scenario = subjectScenario('atomic-fs symlink', { text: after });
  const target = {
    path: 'dir/target.bin',
    before: Buffer.from(before),
    after: Buffer.from(after),
    link: true,
  } as const;
  return { ...scenario, tree: { dir: { entries: { 'target.bin': { target: before } } } }, targets: [target] };
}

/** A file that is ready, and safely on the disk, takes the place of another. */
export function replaceScenario(): Scenario {
  const scenario = subjectScenario('atomic-fs replace');
  const [target] = scenario.targets;
  const home = {
    'target.bin': { content: target.before ?? new Uint8Array(), mode: plainMode },
    incoming: { content: target.after, mode: plainMode },
  };
  return { ...scenario, tree: { dir: { entries: home } }, targets: [{ ...target, mode: plainMode }] };
}

/** A scenario with one of the writers in `writers/subjects.mjs`. */
export function subjectScenario(subject: string, options: SubjectOptions = {}): Scenario {
  const { exists = true, behind = 'plain', keepsMode = false, id = 2, size = newSize, ...settings } = options;
  const before = version(1, oldSize);
  const after = version(id, size);
  const file = { content: before, mode: plainMode };
  const home: Tree = exists ? { 'target.bin': file } : {};
  const tree: Tree =
    behind === 'plain'
      ? { dir: { entries: home } }
      : { dir: { entries: { 'target.bin': { target: '../real/target.bin' } } }, real: { entries: home } };
  const versions: Versions = {
    path: 'dir/target.bin',
    before: exists ? before : undefined,
    after,
    ...(keepsMode && exists ? { mode: plainMode } : {}),
  };
  const spec = JSON.stringify({ id, size, ...settings });
  const traits = [
    settings.durability,
    exists ? undefined : 'new file',
    behind === 'link' ? 'through a link' : undefined,
  ];
  return {
    name: [subject, ...traits.filter((trait) => trait !== undefined)].join(', '),
    command: [process.execPath, writer, subject, '{target}', spec],
    tree,
    targets: [versions],
    marks: true,
    ...(subject.startsWith(ourPrefix) ? { typedErrors: true } : {}),
    ...(onceOnly.has(subject) ? { once: true } : {}),
    durability: settings.durability ?? 'full',
  };
}
