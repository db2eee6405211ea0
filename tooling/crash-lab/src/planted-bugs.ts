import type { Scenario } from './scenario.ts';
import { subjectScenario } from './scenario.ts';
import { type FaultSettings, faults } from './parts/faults.ts';
import { interleave } from './parts/interleave.ts';
import { kill } from './parts/kill.ts';
import { powerLoss } from './parts/power-loss.ts';
import type { PartResult } from './parts/result.ts';

/** A bug planted in a writer, and the part of the lab that has to find it. */
export interface PlantedBug {
  readonly mutant: string;
  /** What is wrong with the writer, for people. */
  readonly bug: string;
  /** The kinds of violation of which at least one has to be found. */
  readonly shows: readonly string[];
  readonly find: (scenario: Scenario, mutant: string, settings: FaultSettings) => Promise<PartResult>;
}

const byPowerLoss: PlantedBug['find'] = (scenario, mutant, { seed }) =>
  powerLoss(scenario, { mutant, seed, crossCheck: false });
/** Only at the calls that the bug is about: the part itself is run over all of them elsewhere. */
const byFaultsAt =
  (...only: string[]): PlantedBug['find'] =>
  (scenario, mutant, settings) =>
    faults(scenario, { ...settings, mutant, only });
const byKillAt =
  (...only: string[]): PlantedBug['find'] =>
  (scenario, mutant, { width }) =>
    kill(scenario, { mutant, width, only });
const byInterleavingAt =
  (...only: string[]): PlantedBug['find'] =>
  (scenario, mutant, { width }) =>
    interleave(scenario, rival, { mutant, width, depth: 'nested', only });

/** Another version, of another size, of the same writer. */
const rival = subjectScenario('atomic-fs writeFile', { id: 3, size: 3000 });

export const plantedBugs: readonly PlantedBug[] = [
  { mutant: 'no-fsync', bug: 'no fsync of the file', shows: ['mixed'], find: byPowerLoss },
  { mutant: 'no-directory-fsync', bug: 'no fsync of the directory', shows: ['lost'], find: byPowerLoss },
  {
    mutant: 'wrong-directory-fsync',
    bug: 'fsync of the wrong directory',
    shows: ['lost'],
    find: byPowerLoss,
  },
  { mutant: 'rename-before-close', bug: 'rename before close', shows: ['order'], find: byPowerLoss },
  { mutant: 'rename-before-fsync', bug: 'rename before fsync', shows: ['mixed'], find: byPowerLoss },
  { mutant: 'unlink-before-rename', bug: 'unlink before rename', shows: ['absent'], find: byPowerLoss },
  { mutant: 'copy-instead-of-rename', bug: 'copy instead of rename', shows: ['mixed'], find: byPowerLoss },
  {
    mutant: 'mode-after-publish',
    bug: 'mode set after publishing',
    shows: ['mode'],
    find: byKillAt('rename'),
  },
  {
    mutant: 'ignored-write-count',
    bug: 'ignored write count',
    shows: ['false success (mixed)'],
    find: byFaultsAt('write'),
  },
  {
    mutant: 'swallowed-fsync-error',
    bug: 'swallowed error of fsync',
    shows: ['swallowed'],
    find: byFaultsAt('fsync'),
  },
  {
    mutant: 'retried-fsync',
    bug: 'fsync retried after a failure',
    shows: ['swallowed'],
    find: byFaultsAt('fsync'),
  },
  { mutant: 'temp-left-behind', bug: 'temp left behind', shows: ['leftover'], find: byFaultsAt('write') },
  { mutant: 'shared-temp', bug: 'shared temp', shows: ['failed', 'torn'], find: byInterleavingAt('write') },
  {
    mutant: 'cleans-up-others',
    bug: "cleanup of someone else's temp",
    shows: ['failed'],
    find: byInterleavingAt('write'),
  },
];

/** Whether the result shows the bug. */
export function isFound(bug: PlantedBug, result: PartResult): boolean {
  return result.violations.some(({ kind }) => bug.shows.includes(kind));
}
