import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { examineFolder } from '@x/fleet';
import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

import { scratchFolder } from './scratch.ts';

test('a local folder has what runs need, and keeps nothing of the examination', async () => {
  const folder = scratchFolder();
  const findings = await examineFolder(folder);
  expect(findings.map(({ name }) => name)).toEqual([
    'exclusive-create',
    'link',
    'rename',
    'inode',
    'folder-sync',
    'revoke',
  ]);
  expect(findings.filter(({ problem }) => problem !== undefined)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

test('where nothing can be written, that is said', async () => {
  const path = join(scratchFolder(), 'not-here');
  await expect(examineFolder(path)).rejects.toMatchObject({ code: 'BAD_OPTION', path });
});

test('a program that is given as text can examine a folder, too', async () => {
  const program = `
    import { examineFolder } from '@x/fleet';
    console.log((await examineFolder(process.argv[1])).length);`;
  const args = [...childNodeArgs, '--input-type=module', '--eval', program, scratchFolder()];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  expect(stdout).toBe('6\n');
});

test('where the second process dies, that is said, and nothing is left', async () => {
  const folder = scratchFolder();
  // A process that preloads what is not there ends before it can say anything.
  const program = `
    import { examineFolder } from '@x/fleet';
    process.env.NODE_OPTIONS = '--require=./not-there.cjs';
    await examineFolder(process.argv[1]).catch(({ message }) => console.log(message));`;
  const args = [...childNodeArgs, '--input-type=module', '--eval', program, folder];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  expect(stdout).toBe('the second process has ended with exit code 1\n');
  expect(readdirSync(folder)).toEqual([]);
});
