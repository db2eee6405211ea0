import { expect, test } from 'vitest';

import { hasRoomFor } from '../../src/bulk/address-space.ts';

const limits = (soft: string): string => `\
Limit                     Soft Limit           Hard Limit           Units     
Max resident set          1000                 1000                 bytes     
Max address space         ${soft.padEnd(20)} unlimited            bytes     
Max file locks            unlimited            unlimited            locks     
`;

test('threads have room where addresses are not limited, or by far', () => {
  expect(hasRoomFor(8, limits('unlimited'))).toBe(true);
  expect(hasRoomFor(2, limits('150000000000'))).toBe(true);
  expect(hasRoomFor(8, limits('150000000000'))).toBe(false);
  expect(hasRoomFor(2, limits('6000000000'))).toBe(false);
});

test('where the system tells of no limits, none is known', () => {
  expect(hasRoomFor(8, '')).toBe(true);
});
