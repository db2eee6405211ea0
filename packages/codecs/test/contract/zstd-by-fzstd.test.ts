import { byName } from '@x/codecs';
import { expect, test, vi } from 'vitest';

import { hasZstd } from '../samples.ts';
import { codecContract } from './contract.ts';

/* A Node.js without zstd, as 20 is. What the package fzstd has to decode is packed by the real module. */
vi.mock('node:zlib', async (original) => {
  const zlib = { ...(await original<Record<string, unknown>>()) };
  delete zlib['createZstdCompress'];
  delete zlib['createZstdDecompress'];
  return { ...zlib, default: zlib };
});

vi.hoisted(() => Reflect.deleteProperty(process.versions, 'zstd'));

const zlib = process.getBuiltinModule('node:zlib');

test('fzstd is needed here', () => {
  expect(hasZstd).toBe(false);
  expect(byName('zstd').packages).toEqual({ decompress: 'fzstd' });
  expect(byName('zstd').capabilities.compress).toBe(false);
});

codecContract({
  codec: 'zstd',
  pack: async (content) =>
    zlib.zstdCompressSync(content, { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } }),
  unavailable: 'zstdCompressSync' in zlib ? undefined : 'nothing packs zstd here',
  concatenation: true,
  padding: false,
  checksum: true,
  mebibytes: 8,
  edges: [128 * 1024],
  ahead: 4_000_000,
});
