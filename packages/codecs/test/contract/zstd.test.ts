import { hasZstd } from '../samples.ts';
import { codecContract } from './contract.ts';

codecContract({
  codec: 'zstd',
  spec: { threads: 2 },
  unavailable: hasZstd ? undefined : `Node.js ${process.versions.node} has no zstd in node:zlib`,
  concatenation: true,
  padding: false,
  checksum: true,
  edges: [128 * 1024, 1024 * 1024, 2 * 1024 * 1024, 4 * 1024 * 1024],
  // Every thread has jobs of 2 MiB, and some more are gathered or finished.
  ahead: 20_000_000,
});
