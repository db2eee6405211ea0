import { describe, expect, test } from 'vitest';

import { interleave } from '../../src/parts/interleave.ts';
import { race } from '../../src/parts/races.ts';
import { subjectScenario } from '../../src/scenario.ts';
import { brokenIn, kindsIn, ran } from '../result.ts';

describe('writers of one file at the same time', () => {
  test.for(['processes', 'threads', 'namespaces'] as const)('in %s', async (crowd, context) => {
    const settings = { crowd, writers: 3, rounds: 15, durability: 'none' } as const;
    expect(brokenIn(ran(await race('atomic-fs writeFile', settings), context))).toEqual([]);
  });
});

test('a reader sees the torn files of a writer that has none of this', async (context) => {
  const result = ran(await race('fs.writeFile', { crowd: 'processes', writers: 3, rounds: 15 }), context);
  expect(kindsIn(result)).toContain('torn');
});

const writer = subjectScenario('atomic-fs writeFile');
const rival = subjectScenario('atomic-fs writeFile', { id: 3, size: 3000 });

describe('a writer that is held up before any of its calls', () => {
  test('neither loses to another one nor harms it', async () => {
    const only = ['write', 'close', 'lstat', 'rename', 'fsync'];
    expect(brokenIn(await interleave(writer, rival, { width: 2, depth: 'nested', only }))).toEqual([]);
  });

  test('keeps its temp from a sweep', async () => {
    const sweep = subjectScenario('atomic-fs sweep');
    const only = ['write', 'rename'];
    expect(brokenIn(await interleave(writer, sweep, { width: 2, depth: 'nested', only }))).toEqual([]);
  });
});
