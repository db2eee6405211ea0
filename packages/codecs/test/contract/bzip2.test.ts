import { filter, missing } from '../tools.ts';
import { codecContract } from './contract.ts';

codecContract({
  codec: 'bzip2',
  pack: async (content) => filter('bzip2', ['-c'], content),
  unavailable: missing('bzip2'),
  concatenation: true,
  padding: false,
  checksum: true,
  edges: [900_000],
  mebibytes: 8,
  // Two blocks are decoded at once.
  ahead: 4_000_000,
});
