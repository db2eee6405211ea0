import { readFile, writeFile } from 'node:fs/promises';
import * as module from 'node:module';
import { join } from 'node:path';
import { expect } from 'vitest';

import { childNodeArgs } from '@x/vitest-config/child-node';

import { test } from './command.ts';

/** Asked of a process at its end: the modules of Node.js that it has loaded, and the files. */
const witness = `
import * as module from 'node:module';
const files = [];
module.registerHooks?.({ load: (url, context, next) => (files.push(url), next(url, context)) });
process.on('exit', () => {
  const builtins = process.moduleLoadList.map((name) => name.replace(/^NativeModule /, ''));
  process.getBuiltinModule('node:fs').writeFileSync('loaded.json', JSON.stringify({ builtins, files }));
});`;

/** Modules that take between one and five milliseconds each, where all of a small conversion takes forty. */
const dear = ['crypto', 'zlib', 'worker_threads', 'internal/webstreams/readablestream'];

/** What a conversion of columns, and a bulk conversion, load when they begin. */
const later = /\/(?:to-cells|run-bulk)\b/;

/** Loaded by any import of `node:fs`, which the source has, and the build turns into something else. */
const broughtByImports = 'internal/fs/streams';

/** The command and what it runs, and one of each package. */
const filesAtMost = 6;

const isBuilt = childNodeArgs.length === 0;

/** Node.js 20 does not tell of files. */
const tellsFiles = 'registerHooks' in module;

test('a small conversion loads nothing that takes long and is not needed', async ({ folder, shell }) => {
  await writeFile(join(folder, 'witness.mjs'), witness);
  const ended = await shell(`
    set -e
    export NODE_OPTIONS="--import ./witness.mjs"
    printf 'id,name\\n1,Ada\\n' > small.csv
    x convert small.csv small.jsonl && mv loaded.json plain.json
    x convert small.csv small.jsonl.gz && mv loaded.json packed.json
    x convert small.csv small.parquet
    x convert small.parquet columns.csv && mv loaded.json columns.json`);
  expect(ended).toMatchObject({ code: 0 });
  const loaded = async (name: string) =>
    JSON.parse(await readFile(join(folder, name), 'utf8')) as { builtins: string[]; files: string[] };

  const { builtins, files } = await loaded('plain.json');
  expect(dear.filter((name) => builtins.includes(name))).toEqual([]);
  expect(files.filter((url) => later.test(url))).toEqual([]);
  if (isBuilt) {
    expect(builtins).not.toContain(broughtByImports);
    if (tellsFiles) expect(files.length).toBeLessThanOrEqual(filesAtMost);
  }
  // The same questions find what is there.
  expect((await loaded('packed.json')).builtins).toContain('zlib');
  expect((await loaded('columns.json')).files.some((url) => later.test(url))).toBe(tellsFiles);
});
