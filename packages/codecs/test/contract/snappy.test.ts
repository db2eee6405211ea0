import { codecContract } from './contract.ts';

const streamIdentifierBytes = 10;

codecContract({
  codec: 'snappy',
  concatenation: true,
  padding: false,
  checksum: true,
  // There is no end mark: a stream without a single chunk is complete.
  completeAt: () => [streamIdentifierBytes],
  // This bit says of a chunk that decoders may skip it, and nothing else protects it.
  unprotected: ({ offset, bit }) => offset === streamIdentifierBytes && bit === 7,
  edges: [1024 * 1024],
});
