import { codecContract } from './contract.ts';

codecContract({
  codec: 'xz',
  spec: { level: 'fastest' },
  concatenation: true,
  padding: true,
  checksum: true,
  edges: [2 * 1024 * 1024],
  mebibytes: 8,
  // The encoder looks ahead by several MiB before it says anything.
  ahead: 8_000_000,
});
