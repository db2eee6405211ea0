import { describe, expect, test } from 'vitest';

import { faultsOf, sampleFaults } from '../../src/parts/fault-list.ts';
import { faults } from '../../src/parts/faults.ts';
import { fullDisk, systemFaults } from '../../src/parts/system-faults.ts';
import { subjectScenario } from '../../src/scenario.ts';
import { operationsOf } from '../../src/trace/operation.ts';
import { open, traceOf, write, flags, on } from '../made-trace.ts';
import { brokenIn, kindsIn, ran } from '../result.ts';

const settings = { width: 2, seed: 1, sample: true };

test('every error of every call is listed, and a sample meets every call and every kind of full disk', () => {
  const operations = operationsOf(
    traceOf(open('/box/temp', 3, flags.create), write(3, 'new'), on('fsync', 3)),
  );
  const all = faultsOf(operations);
  const namesAt = (call: number): string[] =>
    all.filter(({ operation }) => operation.call === call).map(({ name }) => name);
  expect(namesAt(1)).toEqual(['ENOSPC', 'EDQUOT', 'EIO', 'EACCES', 'EROFS', 'EMFILE']);
  expect(namesAt(2)).toEqual(['ENOSPC', 'EDQUOT', 'EIO', 'short', 'full disk']);
  const sample = sampleFaults(all, 3);
  expect(sample.length).toBeLessThan(all.length);
  expect(new Set(sample.map(({ operation }) => operation.call))).toEqual(new Set([1, 2, 3]));
  expect(sample.map(({ name }) => name)).toEqual(expect.arrayContaining(['short', 'full disk']));
});

describe('a call that fails leaves the old version, no temp, and a clear error', () => {
  test('in node:fs', async () => {
    expect(
      brokenIn(await faults(subjectScenario('atomic-fs open', { keepsMode: true, chunks: 2 }), settings)),
    ).toEqual([]);
  });

  test('in the kernel', async (context) => {
    const scenario = subjectScenario('atomic-fs writeFileSync', { keepsMode: true });
    expect(brokenIn(ran(await systemFaults(scenario, settings), context))).toEqual([]);
  });

  test('on a disk that is really full', async (context) => {
    expect(brokenIn(ran(await fullDisk('atomic-fs writeFile', { keepsMode: true }), context))).toEqual([]);
  });
});

test('a writer that publishes half a file on a full disk is seen', async (context) => {
  const result = ran(await fullDisk('write-file-atomic', {}), context);
  expect(kindsIn(result)).toEqual(['false success (mixed)', 'swallowed']);
});
