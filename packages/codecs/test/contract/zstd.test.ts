import { hasZstd } from '../samples.ts';
import { filter, missing } from '../tools.ts';
import { codecContract } from './contract.ts';

// Node.js 20 has no zstd: there frames are read with the package fzstd.
codecContract({
  codec: 'zstd',
  ...(hasZstd
    ? { spec: { threads: 2 } }
    : { pack: async (content) => filter('zstd', ['-c', '-q'], content), unavailable: missing('zstd') }),
  concatenation: true,
  padding: false,
  checksum: true,
  edges: [128 * 1024, 1024 * 1024, 2 * 1024 * 1024, 4 * 1024 * 1024],
  // Every thread has jobs of 2 MiB, and some more are gathered or finished.
  ahead: 20_000_000,
});
