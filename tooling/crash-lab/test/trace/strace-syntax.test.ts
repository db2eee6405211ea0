import { expect, test } from 'vitest';

import { parseStrace, splitArguments, stringBytes, vectorBytes } from '../../src/trace/strace-syntax.ts';

test('calls, errors and injected errors are told apart', () => {
  const [open, write, sync] = parseStrace(
    [
      String.raw`7 openat(AT_FDCWD, "\x2f\x61", O_WRONLY|O_CREAT|O_EXCL, 0600) = 21`,
      String.raw`7 write(21, "\x61\x62", 2) = -1 ENOSPC (No space left on device)`,
      '7 fsync(21) = -1 EIO (Input/output error) (INJECTED)',
    ].join('\n'),
  );
  expect(open).toMatchObject({ thread: 7, name: 'openat', result: 21, injected: false });
  expect(open?.args).toEqual(['AT_FDCWD', String.raw`"\x2f\x61"`, 'O_WRONLY|O_CREAT|O_EXCL', '0600']);
  expect(write).toMatchObject({ name: 'write', result: -1, error: 'ENOSPC', injected: false });
  expect(sync).toMatchObject({ name: 'fsync', error: 'EIO', injected: true });
});

test('a call that another thread interrupts is put together, from where it starts to where it ends', () => {
  const calls = parseStrace(
    ['7 fsync(21 <unfinished ...>', '8 close(22) = 0', '7 <... fsync resumed>) = 0'].join('\n'),
  );
  expect(calls.find(({ name }) => name === 'fsync')).toMatchObject({ thread: 7, from: 0, to: 2, result: 0 });
});

test('a call that never comes back has no result', () => {
  const [call] = parseStrace('7 fsync(21 <unfinished ...>');
  expect(call).toMatchObject({ name: 'fsync', args: ['21'], to: Number.POSITIVE_INFINITY });
  expect(call?.result).toBeUndefined();
});

test('signals and exits are no calls', () => {
  expect(parseStrace('7 --- SIGCHLD {si_signo=SIGCHLD} ---\n7 +++ exited with 0 +++\n')).toEqual([]);
});

test('commas in strings and brackets do not split', () => {
  expect(splitArguments(String.raw`3, "a,\"b", [{iov_base="x", iov_len=1}], {a=1, b=2}`)).toEqual([
    '3',
    String.raw`"a,\"b"`,
    '[{iov_base="x", iov_len=1}]',
    '{a=1, b=2}',
  ]);
});

test('bytes are read from strings and vectors, and a shortened string is refused', () => {
  expect(stringBytes(String.raw`"\x00\xff"`)).toEqual(Buffer.from([0, 255]));
  const vector = String.raw`[{iov_base="\x61", iov_len=1}, {iov_base="\x62\x63", iov_len=2}]`;
  expect(vectorBytes(vector).toString()).toBe('abc');
  expect(() => stringBytes(String.raw`"\x61"...`)).toThrow('Not a whole string');
});
