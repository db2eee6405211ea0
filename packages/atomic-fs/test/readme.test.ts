import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import * as atomicFs from '@x/atomic-fs';
import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

import { makeDirectory } from './directory.ts';

const packageDirectory = path.join(import.meta.dirname, '..');
const readme = fs.readFileSync(path.join(packageDirectory, 'README.md'), 'utf8');
const [first = '', ...examples] = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) => code);

/** Runs an example in a directory, from which it imports the package as its users do. */
async function run(code: string, directory: string): Promise<string> {
  const program = `process.chdir(${JSON.stringify(directory)});\n${code}`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...childNodeArgs, '--input-type=module', '--eval', program],
    { cwd: packageDirectory },
  );
  return stdout;
}

test('the first example writes the file', async () => {
  const directory = makeDirectory();
  await run(first, directory);
  expect(fs.readFileSync(path.join(directory, 'settings.json'), 'utf8')).toBe('{"theme":"dark"}');
});

test('the other examples write their files, or print their error', async () => {
  const directory = makeDirectory();
  const printed = await Promise.all(examples.map((code) => run(code, directory)));
  expect(fs.readdirSync(directory).toSorted()).toEqual(['people.csv', 'report.txt']);
  expect(fs.readFileSync(path.join(directory, 'people.csv'), 'utf8')).toBe('id,name\n1,Ada\n');
  expect(fs.readFileSync(path.join(directory, 'report.txt'), 'utf8')).toBe('Total: 42\n');
  expect(printed.join('')).toMatch(/code: 'ENOENT'.*committed: false.*hint: 'A directory on the path/s);
});

test('every call and every option of the package is in the README', async () => {
  const calls = Object.keys(atomicFs).filter((name) => /^[a-z]/.test(name));
  expect(calls.length).toBeGreaterThan(9);
  const wrong: object = { option: 'unknown' };
  const refusal = String(await atomicFs.open('unused', wrong).catch((error: unknown) => error));
  const options = /allowed are ([\w, ]+)\./.exec(refusal)?.[1]?.split(', ') ?? [];
  expect(options.length).toBeGreaterThan(11);
  for (const name of [...calls, ...options]) expect(readme).toContain(`\`${name}`);
});
