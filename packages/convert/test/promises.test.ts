import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const here = import.meta.dirname;
const root = join(here, '../../..');
/** Where the tests of a folder in the table are. */
const homes: Readonly<Record<string, string>> = {
  cli: join(root, 'packages/cli/test'),
  'atomic-fs': join(root, 'packages/atomic-fs/test'),
  'crash-lab': join(root, 'tooling/crash-lab/test'),
  examples: join(root, 'examples/test'),
};

test('every test that the table of promises names exists', async () => {
  const table = await readFile(join(here, 'README.md'), 'utf8');
  const rows = [...table.matchAll(/^\| ([^|]+?) +\| `([^`]+)` +\| `(.+?)` +\|$/gm)];
  expect(rows.length).toBeGreaterThan(80);
  const missing: string[] = [];
  for (const [, behaviour, file = '', name = ''] of rows) {
    const [folder = '', ...rest] = file.split('/');
    const home = homes[folder];
    const path = join(home ?? here, `${home === undefined ? file : rest.join('/')}.test.ts`);
    const text = await readFile(path, 'utf8').catch(() => '');
    // As it is written in a string of TypeScript, whichever quotes it has.
    if (![name, name.replaceAll("'", String.raw`\'`)].some((one) => text.includes(one))) {
      missing.push(`${behaviour}: ${file}: ${name}`);
    }
  }
  expect(missing).toEqual([]);
});
