import { readdir } from 'node:fs/promises';
import * as module from 'node:module';
import { join } from 'node:path';
import { expect } from 'vitest';

import { test } from './command.ts';

const hasCache = 'enableCompileCache' in module;

test('what Node.js has compiled is kept in a folder of the user, and only there', async ({
  folder,
  shell,
}) => {
  const { code } = await shell(`
    unset NODE_DISABLE_COMPILE_CACHE
    export XDG_CACHE_HOME=$PWD/cache TMPDIR=$PWD/tmp
    mkdir tmp
    x formats`);
  expect(code).toBe(0);
  expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  expect((await readdir(folder)).includes('cache')).toBe(hasCache && process.platform !== 'win32');
});

test('where there is no such folder, or nothing can be written in it, the command works all the same', async ({
  shell,
}) => {
  const { stderr } = await shell(`
    unset NODE_DISABLE_COMPILE_CACHE
    HOME= XDG_CACHE_HOME= x formats > one
    XDG_CACHE_HOME=/dev/null/none x formats > two
    cmp one two`);
  expect(stderr).toBe('');
});
