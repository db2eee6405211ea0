import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, delimiter, join, resolve } from 'node:path';

import { nodeAt } from './tree-check.ts';
import { withBench } from './run.ts';
import type { Tree } from './sandbox.ts';
import type { Durability, Scenario } from './scenario.ts';
import { version } from './writers/version.mjs';

export interface CommandOptions {
  /** As one types it; `{target}` is replaced by the path of the target. */
  readonly command: string;
  /** The file that the command replaces, relative to the directory it runs in. */
  readonly target: string;
  /** Files that it reads; each is found under its own name in the directory it runs in. */
  readonly inputs: readonly string[];
  /** Whether there is an old version of the target. */
  readonly exists: boolean;
  readonly durability: Durability;
  /** Where relative paths of this command line are looked up. */
  readonly cwd: string;
}

const oldSize = 5000;
const plainMode = 0o644;

/**
 * A scenario from any command line that replaces one file and ends with exit code 0 when, and only when, it has
 * done so. Two runs must give the same bytes: they are what the new version has to be.
 *
 * @throws when the command fails, or gives other bytes each time
 */
export async function commandScenario(options: CommandOptions): Promise<Scenario> {
  const inputs = await Promise.all(
    options.inputs.map(async (input) => {
      const path = resolve(options.cwd, input);
      const { mode } = await stat(path);
      return [basename(input), { content: await readFile(path), mode: mode & 0o777 }] as const;
    }),
  );
  const before = options.exists ? version(1, oldSize) : undefined;
  const old: Tree = before === undefined ? {} : { [options.target]: { content: before, mode: plainMode } };
  const draft: Scenario = {
    name: `${options.command.replace('{target}', options.target)}${options.exists ? '' : ', new file'}`,
    command: programOf(splitWords(options.command), options.cwd),
    tree: { ...Object.fromEntries(inputs), ...old },
    targets: [{ path: options.target, before, after: new Uint8Array() }],
    marks: false,
    durability: options.durability,
  };
  const first = await contentAfter(draft);
  if (Buffer.compare(first, await contentAfter(draft)) !== 0) {
    throw new Error(
      `"${options.command}" writes other bytes each time: the lab cannot tell a new version from a torn one`,
    );
  }
  return { ...draft, targets: [{ path: options.target, before, after: first }] };
}

async function contentAfter(scenario: Scenario): Promise<Uint8Array> {
  return withBench(scenario, async (bench) => {
    await bench.reset();
    const { exit, tree } = await bench.runPlain();
    if (exit.code !== 0)
      throw new Error(`"${scenario.name}" ends with code ${exit.code}: ${exit.stderr.trim()}`);
    const node = nodeAt(tree, scenario.targets[0].path);
    if (node === undefined || !('content' in node)) {
      throw new Error(`"${scenario.name}" succeeds but there is no file ${scenario.targets[0].path}`);
    }
    return node.content;
  });
}

/** Words as a shell would split them, quotes and backslashes included; nothing is expanded. */
export function splitWords(line: string): string[] {
  const words = line.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g,
      (_all, double?: string, single?: string, escaped?: string) =>
        double === undefined ? (single ?? escaped ?? '') : double.replaceAll(/\\(["\\])/g, '$1'),
    ),
  );
}

/** The command runs elsewhere: programs and scripts that are named by a relative path get their whole one. */
function programOf(words: readonly string[], cwd: string): string[] {
  const [program = '', ...rest] = words;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = program.includes('/')
    ? resolve(cwd, program)
    : (folders.map((folder) => join(folder, program)).find((path) => existsSync(path)) ?? program);
  return [
    found,
    ...rest.map((word) => (word.includes('/') && existsSync(resolve(cwd, word)) ? resolve(cwd, word) : word)),
  ];
}
