import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { childNodeArgs } from '@x/vitest-config/child-node';
import { describe, expect, test } from 'vitest';

import { commandScenario } from '../src/command-line.ts';
import { baselineOf, faults } from '../src/parts/faults.ts';
import { kill } from '../src/parts/kill.ts';
import { powerLoss } from '../src/parts/power-loss.ts';
import { type ConvertBug, convertBugs } from '../src/planted/convert-bugs.ts';
import { compiledBeside, withCopy } from '../src/planted/plant.ts';
import type { Scenario } from '../src/scenario.ts';
import { brokenIn } from './result.ts';

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const program = fileURLToPath(new URL('fixtures/convert-by.mjs', import.meta.url));
const main = join(dirname(fileURLToPath(import.meta.resolve('@x/cli/package.json'))), 'src/main.ts');
const settings = { width: 2, seed: 1 };

/** The command replaces the target by what it makes of a table. */
const scenarioOf = (words: string, target: string): Promise<Scenario> =>
  commandScenario({
    command: `"${process.execPath}" ${words} table.csv {target}`,
    target,
    inputs: ['table.csv'],
    exists: true,
    durability: 'full',
    cwd: fixtures,
  });

// The command runs TypeScript as it is.
describe.skipIf(childNodeArgs.length === 0)('x convert', () => {
  test.for(['out.jsonl', 'out.jsonl.gz'])(
    '%s: power loss at any call, a kill at those that count, and a failure of each leave the old file or the new one',
    async (target) => {
      const scenario = await scenarioOf(`"${main}" convert`, target);
      expect(brokenIn(await powerLoss(scenario, { seed: 1, crossCheck: false }))).toEqual([]);
      expect(brokenIn(await kill(scenario, { width: 2, only: ['write', 'fsync', 'rename'] }))).toEqual([]);
      expect(brokenIn(await faults(scenario, { ...settings, sample: true }))).toEqual([]);
    },
  );
});

/** By a copy of the engine alone. */
const scenarioBy = (index: string): Promise<Scenario> =>
  scenarioOf(`"${program}" "${index}"`, 'out.jsonl.gz');

describe.skipIf(childNodeArgs.length === 0)('--durability says what is synced', () => {
  test.for([
    ['full', 2],
    ['data', 1],
    ['none', 0],
  ] as const)('%s: %i calls of fsync', async ([durability, syncs]) => {
    const scenario = await scenarioOf(`"${main}" convert --durability ${durability}`, 'out.jsonl');
    const calls = (await baselineOf(scenario)).map(({ name }) => name);
    expect(calls.filter((name) => name === 'fsync' || name === 'fdatasync')).toHaveLength(syncs);
    expect(calls.filter((name) => name === 'rename')).toHaveLength(1);
  });
});

const examine = (scenario: Scenario, { by, only }: ConvertBug) =>
  by === 'kill' ? kill(scenario, { width: 2, only }) : faults(scenario, { ...settings, sample: true, only });

describe.skipIf(childNodeArgs.length === 0)('the lab finds in a conversion', () => {
  test('nothing, where nothing is planted', async () => {
    await withCopy('@x/convert', [], async (index) => {
      const scenario = await scenarioBy(index);
      for (const bug of convertBugs) {
        // oxlint-disable-next-line no-await-in-loop -- each part is parallel in itself
        expect(brokenIn(await examine(scenario, bug))).toEqual([]);
      }
    });
  });

  test.for(convertBugs)('$bug', async (bug) => {
    await withCopy('@x/convert', bug.edits, async (index) => {
      const scenario = { ...(await scenarioBy(index)), environment: compiledBeside(index) };
      expect(brokenIn(await examine(scenario, bug))).toContainEqual(
        expect.objectContaining({ kind: expect.stringContaining('mixed') }),
      );
    });
  });
});
