import { type FaultSettings, faults } from '../parts/faults.ts';
import { interleave } from '../parts/interleave.ts';
import { powerLoss } from '../parts/power-loss.ts';
import type { PartResult } from '../parts/result.ts';
import { type Scenario, subjectScenario } from '../scenario.ts';
import { type Edit, withPlanted } from './plant.ts';

type Settings = Pick<FaultSettings, 'seed' | 'width'>;
type Part = (scenario: Scenario, settings: Settings) => Promise<PartResult>;

/** A bug planted in `@x/atomic-fs`, and the part of the lab that has to find it. */
export interface PlantedBug {
  /** What is wrong with the writer, for people. */
  readonly bug: string;
  readonly edits: readonly Edit[];
  /** The kinds of violation of which at least one has to be found. */
  readonly shows: readonly string[];
  readonly examine: Part;
}

const byPowerLoss: Part = (scenario, { seed }) => powerLoss(scenario, { seed, crossCheck: false });

/** Only at the calls that the bug is about: the part itself is run over all of them elsewhere. */
const byFaultsAt =
  (...only: string[]): Part =>
  (scenario, settings) =>
    faults(scenario, { ...settings, sample: true, only });

const byInterleavingAt =
  (...only: string[]): Part =>
  (scenario, { width }) =>
    interleave(scenario, rivalOf(scenario), { width, depth: 'nested', only });

/** Another version, of another size, of the same writer. */
const rivalOf = ({ environment }: Scenario): Scenario => ({
  ...subjectScenario('atomic-fs writeFile', { id: 3, size: 3000 }),
  ...(environment === undefined ? {} : { environment }),
});

const sync = "if (settings.durability !== 'none') yield* call((fs) => fs.fsync(fd));";
const close = '  yield* closeDescriptor(pending);\n}';
const closed = '  yield* moveIntoPlace(pending);\n  yield* syncParent(pending);';
const seal = 'write/seal.ts';
const publish = 'rename/publish.ts';

/** `publish.ts` does by itself what `seal.ts` no longer does. */
const afterRename = (steps: string): Edit => ({
  file: publish,
  find: closed,
  replace: `  yield* moveIntoPlace(pending);\n${steps}  yield* syncParent(pending);`,
});
const closeFd = '  yield* call((fs) => fs.close(pending.fd));\n';
const syncFd = '  yield* call((fs) => fs.fsync(pending.fd));\n';

export const plantedBugs: readonly PlantedBug[] = [
  {
    bug: 'no fsync of the file',
    edits: [{ file: seal, find: sync, replace: '' }],
    shows: ['mixed'],
    examine: byPowerLoss,
  },
  {
    bug: 'no fsync of the directory',
    edits: [{ file: 'rename/sync-directory.ts', find: 'yield* call((fs) => fs.fsync(fd));', replace: '' }],
    shows: ['lost'],
    examine: byPowerLoss,
  },
  {
    bug: 'fsync of the wrong directory',
    edits: [
      {
        file: seal,
        find: 'openDirectory(path.dirname(target.path)',
        replace: 'openDirectory(path.dirname(path.dirname(target.path))',
      },
    ],
    shows: ['lost'],
    examine: byPowerLoss,
  },
  {
    bug: 'rename before close',
    edits: [{ file: seal, find: close, replace: '}' }, afterRename(closeFd)],
    shows: ['order'],
    examine: byPowerLoss,
  },
  {
    bug: 'rename before fsync',
    edits: [
      { file: seal, find: sync, replace: '' },
      { file: seal, find: close, replace: '}' },
      afterRename(syncFd + closeFd),
    ],
    shows: ['mixed'],
    examine: byPowerLoss,
  },
  {
    bug: 'mode set after fsync',
    edits: [
      {
        file: seal,
        find: 'yield* giveMode(fd, pending, yield* giveOwner(fd, pending));',
        replace:
          'yield* call((fs) => fs.fsync(fd)); yield* giveMode(fd, pending, yield* giveOwner(fd, pending));',
      },
      { file: seal, find: sync, replace: '' },
    ],
    shows: ['mode'],
    examine: byPowerLoss,
  },
  {
    bug: 'unlink before rename',
    edits: [
      {
        file: 'rename/rename.ts',
        find: 'yield* call((fs) => fs.rename(from, target.path));',
        replace:
          'yield* call((fs) => fs.unlink(target.path)); yield* call((fs) => fs.rename(from, target.path));',
      },
    ],
    shows: ['absent'],
    examine: byPowerLoss,
  },
  {
    bug: 'copy instead of rename',
    edits: [
      {
        file: publish,
        find: 'yield* renamePatiently(temp.path, target, settings, () => verifyTemp(pending));',
        replace: 'yield* rewriteInPlace(pending); return true;',
      },
    ],
    shows: ['mixed'],
    examine: byPowerLoss,
  },
  {
    bug: 'ignored write count',
    edits: [{ file: 'write/append.ts', find: 'rest = afterBytes(rest, written);', replace: 'rest = [];' }],
    shows: ['false success (mixed)'],
    examine: byFaultsAt('write'),
  },
  {
    bug: 'swallowed error of fsync',
    edits: [{ file: seal, find: sync, replace: `try { ${sync} } catch {}` }],
    shows: ['swallowed'],
    examine: byFaultsAt('fsync'),
  },
  {
    bug: 'fsync tried again after a failure',
    edits: [{ file: seal, find: sync, replace: `try { ${sync} } catch { ${sync} }` }],
    shows: ['swallowed'],
    examine: byFaultsAt('fsync'),
  },
  {
    bug: 'temp left behind',
    edits: [{ file: 'cleanup/discard.ts', find: 'if (!isNeeded)', replace: 'if (false)' }],
    shows: ['leftover'],
    examine: byFaultsAt('fsync'),
  },
  {
    bug: 'shared temp',
    edits: [
      {
        file: 'write/create-temp.ts',
        find: "fs.open(path, 'wx', mode)",
        replace: "fs.open(path, 'w', mode)",
      },
    ],
    shows: ['failed', 'torn'],
    examine: byInterleavingAt('write'),
  },
  {
    bug: "cleanup of someone else's temp",
    edits: [
      {
        file: 'cleanup/leftover.ts',
        find: 'if (!(yield* isAbandoned({ path, stats, writer: undefined }, patience, host))) return;',
        replace: '',
      },
    ],
    shows: ['failed'],
    examine: byInterleavingAt('write'),
  },
];

/** Plants the bug and has it looked for. */
export async function findPlanted(
  bug: PlantedBug,
  settings: Settings,
): Promise<{ result: PartResult; isFound: boolean }> {
  return withPlanted(bug.edits, async (environment) => {
    const scenario = { ...subjectScenario('atomic-fs writeFile', { keepsMode: true }), environment };
    const result = await bug.examine(scenario, settings);
    return { result, isFound: isShown(bug, result) };
  });
}

/** Whether the result shows the bug. */
export function isShown({ shows }: PlantedBug, { violations }: PartResult): boolean {
  return violations.some(({ kind }) => shows.includes(kind));
}
