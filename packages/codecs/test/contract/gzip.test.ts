import { codecContract } from './contract.ts';

codecContract({
  codec: 'gzip',
  concatenation: true,
  padding: true,
  checksum: true,
  edges: [1024 * 1024, 2 * 1024 * 1024],
  ahead: 8_000_000,
});
