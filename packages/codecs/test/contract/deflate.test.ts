import { describe } from 'vitest';

import { codecContract } from './contract.ts';

describe('in the zlib format', () => {
  codecContract({
    codec: 'deflate',
    concatenation: true,
    padding: true,
    checksum: true,
  });
});

describe('raw', () => {
  codecContract({
    codec: 'deflate',
    spec: { raw: true },
    concatenation: false,
    padding: false,
    checksum: false,
  });
});
