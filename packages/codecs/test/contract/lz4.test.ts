import { codecContract } from './contract.ts';

codecContract({
  codec: 'lz4',
  concatenation: true,
  padding: false,
  checksum: true,
  edges: [1024 * 1024],
  ahead: 4_000_000,
});
