import { codecContract } from './contract.ts';

codecContract({
  codec: 'xz',
  concatenation: true,
  padding: true,
  checksum: true,
  edges: [1024 * 1024, 2 * 1024 * 1024],
  // The encoder looks ahead by several MiB before it says anything.
  ahead: 8_000_000,
});
