import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { checkStructure } from '../src/structure.ts';

let root: string;

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function putPackage(name: string, fields: object = {}): void {
  const folder = `packages/${name}`;
  const manifest = {
    name: `@x/${name}`,
    description: 'A package with a description',
    license: 'MIT',
    repository: { type: 'git', url: 'u', directory: folder },
    files: ['dist'],
    type: 'module',
    sideEffects: false,
    exports: {
      '.': { '@x/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    publishConfig: { access: 'public' },
    engines: { node: '>=20.19' },
    ...fields,
  };
  put(`${folder}/package.json`, JSON.stringify(manifest));
  put(`${folder}/README.md`, '# Read me');
  put(`${folder}/tsconfig.json`, '{}');
  put(`${folder}/src/index.ts`, 'export {};\n');
}

const found = (): string[] =>
  checkStructure(root).map(({ rule, where, what }) => `${rule} ${where}: ${what}`);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'structure-'));
  putPackage('atomic-fs');
  putPackage('formats');
  putPackage('convert', { dependencies: { '@x/atomic-fs': 'workspace:^', '@x/formats': 'workspace:^' } });
});
afterEach(() => rmSync(root, { recursive: true }));

test('a workspace as designed has no violations', () => {
  put(
    'packages/convert/src/index.ts',
    "import '@x/atomic-fs';\nimport * as fs from 'node:fs';\nexport { fs };\n",
  );
  expect(found()).toEqual([]);
});

describe('arrows', () => {
  test('a leaf that imports another leaf', () => {
    put('packages/formats/src/index.ts', "\nimport { open } from '@x/atomic-fs';\nexport const o = open;\n");
    expect(found()).toEqual([
      'arrow packages/formats/src/index.ts:2: @x/formats must not import @x/atomic-fs',
    ]);
  });
  test('a forbidden re-export and a forbidden dynamic import, of a subpath too', () => {
    put(
      'packages/atomic-fs/src/index.ts',
      "export * from '@x/convert';\nexport const f = () => import('@x/formats/contract');\n",
    );
    expect(found()).toEqual([
      'arrow packages/atomic-fs/src/index.ts:1: @x/atomic-fs must not import @x/convert',
      'arrow packages/atomic-fs/src/index.ts:2: @x/atomic-fs must not import @x/formats',
    ]);
  });
  test('a manifest that declares a forbidden dependency', () => {
    putPackage('formats', { dependencies: { '@x/convert': 'workspace:^' } });
    expect(found()).toEqual([
      'arrow packages/formats/package.json: @x/formats must not depend on @x/convert',
    ]);
  });
  test('an import of what is bundled is no violation; to depend on it as well is one', () => {
    putPackage('convert');
    put('packages/convert/src/index.ts', "import 'zod';\n");
    expect(found()).toEqual([]);
    putPackage('convert', { dependencies: { zod: 'catalog:' } });
    expect(found()).toEqual(['arrow packages/convert/package.json: zod is bundled: it is a devDependency']);
  });
  test('an import of something the manifest does not declare', () => {
    put('packages/formats/src/index.ts', "import 'zod';\n");
    expect(found()).toEqual([
      'arrow packages/formats/src/index.ts:1: zod is imported but is not a dependency of @x/formats',
    ]);
  });
  test('a path into another package', () => {
    put('packages/convert/src/index.ts', "import '../../formats/src/index.ts';\n");
    expect(found()[0]).toMatch(/leaves the package's src/);
  });
  test('a package that the design does not know; a format package may point at formats only', () => {
    putPackage('core');
    putPackage('format-parquet', {
      dependencies: { '@x/formats': 'workspace:^', '@x/convert': 'workspace:^' },
    });
    expect(found()).toEqual([
      'arrow packages/core/package.json: @x/core is not in the design: draw its arrows in arrows.ts first',
      'arrow packages/format-parquet/package.json: @x/format-parquet must not depend on @x/convert',
      "folder packages/core/src/index.ts: 'core' names no stage of the job",
    ]);
  });
});

describe('cycles', () => {
  test('two files that import each other through a third', () => {
    put('packages/formats/src/a.ts', "import './b.ts';\n");
    put('packages/formats/src/b.ts', "export * from './c.ts';\n");
    put('packages/formats/src/c.ts', "import './a.ts';\nexport {};\n");
    expect(found()).toEqual([
      'cycle packages/formats/src/a.ts: packages/formats/src/a.ts → packages/formats/src/b.ts → packages/formats/src/c.ts → packages/formats/src/a.ts',
    ]);
  });
  test('a cycle of types alone is erased', () => {
    put('packages/formats/src/a.ts', "import type { B } from './b.ts';\nexport type A = B;\n");
    put('packages/formats/src/b.ts', "import type { A } from './a.ts';\nexport type B = A;\n");
    expect(found()).toEqual([]);
  });
});

test('a file over the line budget', () => {
  put('packages/formats/src/long.ts', '\n'.repeat(401));
  expect(found()).toEqual(['lines packages/formats/src/long.ts: 401 lines; split it: 400 is the most']);
});

test('a drawer, and a stray file at the top', () => {
  put('packages/formats/src/utils.ts', 'export {};\n');
  put('notes.txt', '');
  expect(found()).toEqual([
    "folder packages/formats/src/utils.ts: 'utils.ts' names no stage of the job",
    'folder notes.txt: does not belong at the top level',
  ]);
});

test.each([
  ['license', 'GPL-3.0'],
  ['type', 'commonjs'],
  ['sideEffects', true],
  ['files', ['src']],
  ['engines', { node: '>=18' }],
  ['publishConfig', {}],
  ['repository', 'github:a/b'],
  ['description', ''],
])('a manifest with a wrong "%s"', (field, value) => {
  putPackage('formats', { [field]: value });
  expect(found()).toEqual([
    `manifest packages/formats/package.json: "${field}" is missing or not as every package has it`,
  ]);
});

test('a version outside the catalog, and an export without the source condition', () => {
  putPackage('formats', {
    devDependencies: { vitest: '^5.0.0' },
    exports: { '.': './dist/index.js', './package.json': './package.json' },
  });
  expect(found()).toEqual([
    'manifest packages/formats/package.json: devDependencies: vitest is "^5.0.0"; put the version in the catalog',
    'manifest packages/formats/package.json: exports["."] must have the conditions @x/source, types, default, in this order',
  ]);
});
