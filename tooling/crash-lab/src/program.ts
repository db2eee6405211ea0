import { images } from './parts/images.ts';
import { interleave } from './parts/interleave.ts';
import { faults } from './parts/faults.ts';
import { kill } from './parts/kill.ts';
import { powerLoss } from './parts/power-loss.ts';
import { race } from './parts/races.ts';
import { randomCuts } from './parts/random-cuts.ts';
import type { PartResult, Skipped } from './parts/result.ts';
import { fullDisk, systemFaults } from './parts/system-faults.ts';
import {
  type Durability,
  type Scenario,
  commitAllScenario,
  replaceScenario,
  subjectScenario,
  symlinkScenario,
} from './scenario.ts';

export const partNames = ['power-loss', 'faults', 'kill', 'races', 'images'] as const;
export type PartName = (typeof partNames)[number];

export interface Settings {
  readonly seed: number;
  /** Runs at a time. */
  readonly width: number;
}

export interface Task {
  readonly part: PartName;
  readonly run: () => Promise<PartResult | Skipped>;
}

const fileSystems = ['ext4', 'ext4-noauto', 'xfs'] as const;
const crowds = ['processes', 'threads', 'namespaces'] as const;

const plain = (name: string, durability: Durability = 'full'): Scenario =>
  subjectScenario(`atomic-fs ${name}`, { durability, keepsMode: true });

/** Everything that the lab asks of `@x/atomic-fs`. */
export function atomicFsProgram(settings: Settings): Task[] {
  const { seed, width } = settings;
  const writers = ['writeFile', 'writeFileSync', 'createWriteStream', 'open'].map((name) => plain(name));
  const others = [
    subjectScenario('atomic-fs writeFile wx', { exists: false }),
    symlinkScenario(),
    replaceScenario(),
    commitAllScenario(),
  ];
  const places = [
    subjectScenario('atomic-fs writeFile', { exists: false }),
    subjectScenario('atomic-fs writeFile', { behind: 'link', keepsMode: true }),
  ];
  const weaker = [
    plain('writeFile', 'data'),
    plain('writeFile', 'none'),
    plain('open', 'data'),
    plain('open', 'none'),
  ];
  const rival = subjectScenario('atomic-fs writeFile', { id: 3, size: 3000 });
  return [
    ...[...writers, ...others, ...places, ...weaker].map((scenario) =>
      task('power-loss', () => powerLoss(scenario, { seed, crossCheck: true })),
    ),
    ...[...writers, ...others].map((scenario) =>
      task('faults', () => faults(scenario, { width, seed, sample: false })),
    ),
    ...writers.map((scenario) =>
      task('faults', () => systemFaults(scenario, { width, seed, sample: false })),
    ),
    task('faults', () => fullDisk('atomic-fs writeFile', { keepsMode: true })),
    ...[...writers, ...others].map((scenario) => task('kill', () => kill(scenario, { width }))),
    ...crowds.map((crowd) =>
      task('races', () =>
        race('atomic-fs writeFile', { crowd, writers: 4, rounds: 100, durability: 'none' }),
      ),
    ),
    task('races', () => interleave(plain('writeFile'), rival, { width, depth: 'crossed' })),
    task('races', () => interleave(plain('open'), rival, { width, depth: 'nested' })),
    task('races', () =>
      interleave(plain('writeFile'), subjectScenario('atomic-fs sweep'), { width, depth: 'nested' }),
    ),
    ...fileSystems.map((fileSystem) => task('images', () => images(plain('writeFile'), fileSystem, {}))),
    ...fileSystems.map((fileSystem) =>
      task('images', () => randomCuts('atomic-fs writeFile', fileSystem, { seed, cuts: 30 })),
    ),
  ];
}

/** What the lab asks of any command line. Races and images need writers that it can start over and over. */
export function commandProgram(scenarios: readonly Scenario[], { seed, width }: Settings): Task[] {
  return scenarios.flatMap((scenario) => [
    task('power-loss', () => powerLoss(scenario, { seed, crossCheck: true })),
    task('faults', () => faults(scenario, { width, seed, sample: false })),
    task('faults', () => systemFaults(scenario, { width, seed, sample: false })),
    task('kill', () => kill(scenario, { width })),
    ...fileSystems.map((fileSystem) => task('images', () => images(scenario, fileSystem, {}))),
  ]);
}

const task = (part: PartName, run: Task['run']): Task => ({ part, run });
