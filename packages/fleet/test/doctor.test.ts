import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { examineFolder } from '@x/fleet';
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
