import { copyFile, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';

import { test } from './command.ts';

interface Step {
  readonly command: string;
  readonly printed: string;
}

/** The commands of the first `console` block, each with what the README says that it prints. */
async function session(): Promise<Step[]> {
  const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
  const [, block = ''] = /```console\n(.*?)```/s.exec(readme) ?? [];
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const end = text.indexOf('\n');
      return { command: text.slice(0, end), printed: text.slice(end + 1) };
    });
}

/** Times differ from run to run, compressed sizes from one zlib to another. */
function comparable(printed: string): string {
  return printed.replaceAll(/ in [\d.]+ s$/gm, ' in … s').replaceAll(/\b7\d\d kB/g, '… kB');
}

test('the session of the README is what happens', async ({ folder, shell }) => {
  const require = createRequire(import.meta.url);
  const built = require.resolve('vega-datasets');
  await copyFile(join(dirname(built), '../data/zipcodes.csv'), join(folder, 'zipcodes.csv'));
  const steps = await session();
  expect(steps.length).toBeGreaterThan(8);
  for (const { command, printed } of steps) {
    const { stdout } = await shell(`{ ${command}\n} 2>&1`);
    expect(`$ ${command}\n${comparable(stdout)}`).toBe(`$ ${command}\n${comparable(printed)}`);
  }
});
