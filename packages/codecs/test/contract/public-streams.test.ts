import * as zlib from 'node:zlib';

import { describe, expect, test, vi } from 'vitest';

import { hasZstd } from '../samples.ts';
import { endingContract } from './endings.ts';
import { lifeContract } from './life.ts';
import { pack, unpack, type Subject } from './subject.ts';

/*
 * Here the handles of node:zlib do not work as they do today, as it may be in a release to come:
 * their synchronous step does nothing. The public streams, which do not need it, must do as well.
 */
const handle = (zlib.createDeflateRaw() as unknown as { _handle: object })['_handle'];
const step = vi.spyOn(Object.getPrototypeOf(handle) as { writeSync: () => void }, 'writeSync');
step.mockImplementation(() => {});

const subjects: Subject[] = [
  { codec: 'gzip', concatenation: true, padding: true, checksum: true, ahead: 8_000_000 },
  { codec: 'deflate', concatenation: true, padding: true, checksum: true },
  { codec: 'brotli', concatenation: false, padding: false, checksum: false, ahead: 10_000_000 },
  {
    codec: 'zstd',
    concatenation: true,
    padding: false,
    checksum: true,
    ahead: 4_000_000,
    unavailable: hasZstd ? undefined : `Node.js ${process.versions.node} has no zstd in node:zlib`,
  },
];

describe.each(subjects)('$codec on public streams', (subject) => {
  const unavailable = subject.unavailable !== undefined;

  test.skipIf(unavailable)('does not use the handles', async () => {
    step.mockClear();
    const content = Buffer.from('short enough for a synchronous step');
    expect((await unpack(subject, await pack(subject, content))).equals(content)).toBe(true);
    expect(step.mock.calls.length).toBeLessThanOrEqual(2);
  });

  describe.skipIf(unavailable)('endings', () => {
    endingContract(subject);
  });
  describe.skipIf(unavailable)('life of a run', () => {
    lifeContract(subject);
  });
});
