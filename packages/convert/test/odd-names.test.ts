import { readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

import { convert } from '@x/convert';

import { test } from './scratch.ts';

test.skipIf(process.platform === 'win32')(
  'links in a circle [skipped: needs rights on Windows]',
  async ({ folder }) => {
    const link = join(folder, 'a.csv');
    await symlink(link, link);
    await expect(convert(link, [])).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      message: 'the source cannot be read: its symbolic links lead in a circle',
      path: link,
    });
  },
);

test.skipIf(process.platform !== 'linux')(
  'a name that is not UTF-8 [skipped: only Linux has such]',
  async ({ folder }) => {
    const bytes = [Buffer.from(`${folder}/a`), Buffer.from([0xff]), Buffer.from('.csv')];
    await writeFile(Buffer.concat(bytes), 'a\n');
    const [name] = await readdir(folder);
    await expect(convert(join(folder, name!), [])).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      hint: 'there is a file whose name looks the same, and is not UTF-8: rename it',
    });
  },
);
