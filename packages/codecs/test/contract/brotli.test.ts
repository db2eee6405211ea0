import { codecContract } from './contract.ts';

codecContract({
  codec: 'brotli',
  concatenation: false,
  padding: false,
  checksum: false,
  // The encoder says nothing before it has seen several MiB.
  ahead: 10_000_000,
});
