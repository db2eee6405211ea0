import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { type FileSystem, Image, imageMissing } from '../image.ts';
import { breachOf } from '../model/verdict.ts';
import { type Bench, withBench } from '../run.ts';
import { readTree } from '../sandbox.ts';
import type { Scenario } from '../scenario.ts';
import { type Operation, describeOperation } from '../trace/operation.ts';
import { sightIn } from '../tree-check.ts';
import { baselineOf } from './faults.ts';
import { type PartResult, type Skipped, type Violation, withoutSandbox } from './result.ts';

export interface ImageSettings {
  /** Names of operations before which the power is cut. Default: all that change the disk. */
  readonly only?: readonly string[];
}

/** Cuts the power of a real file system before each call that can change it, and once the writer is done. */
export async function images(
  scenario: Scenario,
  fileSystem: FileSystem,
  settings: ImageSettings,
): Promise<PartResult | Skipped> {
  const part = `${fileSystem} image`;
  const reason = await imageMissing(fileSystem);
  if (reason !== undefined) return { part, reason };
  const baseline = await baselineOf(scenario);
  const operations = baseline.filter(
    ({ mutates, thread, name }) => mutates && thread === 0 && (settings.only?.includes(name) ?? true),
  );
  // A neighbour that syncs its own file makes the journal carry everybody's renames to the disk, and only those.
  const cuts = [undefined, ...operations].flatMap((operation) => [
    { operation, neighbour: false },
    { operation, neighbour: true },
  ]);
  const image = await Image.make(fileSystem);
  try {
    const violations: Violation[] = [];
    for (const cut of cuts) {
      // oxlint-disable-next-line no-await-in-loop -- one power cut at a time
      violations.push(...(await cutAt(image, scenario, cut)));
    }
    return {
      part,
      subject: scenario.name,
      tried: cuts.length,
      unit: 'power cuts',
      violations,
      notes: [],
    };
  } finally {
    await image.dispose();
  }
}

interface Cut {
  /** The call that is never made, or undefined for a cut after the writer has ended. */
  readonly operation: Operation | undefined;
  readonly neighbour: boolean;
}

async function cutAt(image: Image, scenario: Scenario, cut: Cut): Promise<Violation[]> {
  return withBench(
    scenario,
    async (bench) => {
      await bench.reset();
      // The start of the scenario is safely on the disk.
      await image.reboot();
      const resolved = await runUntil(bench, cut, async () => {
        if (cut.neighbour) await neighbour(image.mountPoint);
        await image.cutPower();
      });
      await image.reboot();
      const tree = await readTree(bench.root);
      return scenario.targets.flatMap((target) => {
        const sight = sightIn(tree, target);
        const breach = breachOf(sight, resolved);
        if (breach === undefined) return [];
        const when =
          cut.operation === undefined
            ? 'after it had returned'
            : `before ${describeOperation(cut.operation)}`;
        const detail = `power cut ${when}${cut.neighbour ? ', a neighbour having synced' : ''}: ${target.path} is ${sight}`;
        return [{ kind: breach, detail: withoutSandbox(detail) }];
      });
    },
    image.mountPoint,
  );
}

/** @returns whether the write had come back before the cut */
async function runUntil(bench: Bench, { operation }: Cut, cutPower: () => Promise<void>): Promise<boolean> {
  if (operation === undefined) {
    const run = await bench.run();
    if (run.report?.ok !== true) throw new Error(`"${bench.scenario.name}" failed on an undamaged image`);
    await cutPower();
    return true;
  }
  const child = bench.start([{ call: operation.call, when: 'before', action: { kind: 'pause' } }]);
  if ((await bench.paused(child)) === undefined) {
    throw new Error(`"${bench.scenario.name}" never came to ${describeOperation(operation)}`);
  }
  await cutPower();
  child.kill();
  await child.exit;
  return false;
}

async function neighbour(directory: string): Promise<void> {
  const file = await open(join(directory, 'neighbour'), 'w');
  await file.write('a line of somebody else');
  await file.sync();
  await file.close();
}
